# SPDX-License-Identifier: MIT
"""
What slate-trace, slate-map, slate-size and the gdb commands share.

recording	a recording as events; the one module that knows its bytes
model		the heap that the events describe, call by call
elf, symbols	names for addresses
summary		text; massif, heaptrack, collapsed: files for other viewers
picture		a heap as regions, pools and blocks; svg and page draw it
reader		the one module that knows slate's tables, for dumps and gdb
sizing, replayer	recordings run through the allocator itself
"""
