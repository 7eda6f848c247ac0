# SPDX-License-Identifier: MIT
"""
Makes recordings for the tests, from docs/recording.md and nothing of the
decoder, so that the two check each other.
"""

import struct
import zlib

MALLOC, CALLOC, ALIGNED, REALLOC, FREE, REALLOC_NULL, RESIZE = range(1, 8)


def number(value):
    out = bytearray()
    while value > 0x7f:
        out.append(value & 0x7f | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def difference(value):
    return number(value << 1 if value >= 0 else (-value << 1) - 1)


class Encoder:
    """Blocks of a recording; a new one begins where block() is called."""

    def __init__(self, word=32, granule_log2=3, time=True, version=1):
        self.word, self.granule = word, granule_log2
        self.time, self.version = time, version
        self.blocks = []
        self.number = 0
        self.events = 0

    def put(self, kind, payload):
        head = struct.pack("<2sBBBBI", b"SR", self.version, ord(kind),
                           (self.word == 64) | self.time << 1 |
                           self.granule << 4, 0, self.number)
        crc = zlib.crc32(payload, zlib.crc32(head))
        self.blocks.append(head + struct.pack("<H", len(payload)) + payload +
                           struct.pack("<I", crc))
        self.number += 1

    def facts(self, regions=((0x20000000, 4096, 0),), hz=1000, code=0x101,
              name="sample", build_id=b"", options=(8, 4, 1, 1, 1, 1, 0, 1,
                                                    1)):
        items = [(1, number(self.word // 8) + number(1 << self.granule) +
                  number(regions[0][0])),
                 (2, b"".join(map(number, options))), (200, b"unknown"),
                 (5, number(code)), (7, number(hz)), (8, name.encode())]
        items += [(3, b"".join(map(number, region))) for region in regions]
        if build_id:
            items.append((6, build_id))
        self.put("H", b"".join(bytes((tag, len(value))) + value
                               for tag, value in items))
        return self

    def block(self, time=0, owner=0):
        self.payload = number(self.events) + number(time) + number(owner)
        self.last_owner = owner
        self.address = 0
        return self

    def address_of(self, address):
        shift = self.granule
        mask = (1 << self.word) - 1
        turned = (address >> shift | address << self.word - shift) & mask
        diff = turned - self.address
        self.address = turned
        return difference(diff)

    def call(self, kind, address=0, size=0, old=0, tier=1, owner=None, site=0,
             align=0, caps=0, ticks=1):
        owner = self.last_owner if owner is None else owner
        changed = owner != self.last_owner
        self.last_owner = owner
        out = bytes([kind | tier << 3 | (0 if address or kind == RESIZE
                                         else 0x20) | changed << 7])
        if changed:
            out += number(owner)
        if self.time:
            out += number(ticks)
        if kind in (REALLOC, RESIZE):
            out += self.address_of(old)
        if kind == ALIGNED:
            out += bytes([align]) + number(caps)
        if kind not in (FREE, RESIZE):
            out += number(size)
        if kind != RESIZE:
            out += self.address_of(address) if address else b""
            out += self.site(site)
        self.payload += out
        self.events += 1
        return self

    def site(self, site):
        if not site:
            return b"\x40"
        # Always anew, in entry 5, by the difference to the site before.
        diff = site - getattr(self, "last_site", 0)
        self.last_site = site
        return bytes([32 + 5]) + difference(diff)

    def note(self, kind, *numbers, text=None):
        out = bytes([kind << 3]) + (number(1) if self.time else b"")
        out += b"".join(map(number, numbers))
        if text is not None:
            out += bytes([len(text)]) + text.encode()
        self.payload += out
        self.events += 1
        return self

    def end_block(self):
        self.put("E", self.payload)
        self.last_site = 0
        return self

    def end(self, lost=0):
        return self.note(3, lost, 0).end_block()

    def bytes(self):
        return b"".join(self.blocks)


def sample():
    """Two blocks leak, one was resized, one call failed; a mark between."""
    code = Encoder().facts().block()
    code.call(MALLOC, 0x20000100, 40, site=0x201)
    code.call(CALLOC, 0x20000200, 100, site=0x301, tier=2)
    code.note(0, 0, text="half")
    code.call(REALLOC, 0x20000300, 200, old=0x20000200, site=0x301, owner=7)
    code.end_block().block(time=5)
    code.note(4, 7, text="radio")
    code.call(MALLOC, 0, 5000, site=0x201)
    code.call(ALIGNED, 0x20000400, 64, site=0x401, align=6, tier=0)
    code.call(FREE, 0x20000100, site=0x501)
    return code.end()
