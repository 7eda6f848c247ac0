# SPDX-License-Identifier: MIT
"""
The heap that a recording's events describe: what is live after each.

An event is what recording.read() yields; it is fed to Heap.apply() in order.
"""

(MALLOC, CALLOC, ALIGNED, REALLOC, FREE, LIVE, RESIZE, MARK, ARENA,
 ARENA_GONE, LOST) = range(11)
KINDS = ("malloc", "calloc", "aligned", "realloc", "free",
         "live when it began", "begin of a realloc", "mark", "arena",
         "arena gone", "lost")
TIERS = ("raw", "mem", "obj")


class Event:
    """
    One event of a recording.

    kind	MALLOC to LOST. LIVE: a block that was there when it began. RESIZE:
		a realloc of old begins; others may be given its address before
		the event of the realloc itself comes
    time	in ticks of the recording's clock
    tier	index into TIERS
    owner	the number that the program had set; 0 for none
    site	where the call came from: addresses, the innermost first
    size	bytes asked for; of LOST: how many events are missing; of LIVE and
		ARENA: bytes that it has
    align	the alignment asked for; 0 for none
    caps	the capabilities asked for, with an alignment
    address	the block that the call gave, 0 if it failed; where an arena is
    old		the block that realloc or free was given
    text	the name of a MARK
    """

    __slots__ = ("kind", "time", "tier", "owner", "site", "size", "align",
                 "caps", "address", "old", "text")

    def __init__(self, kind, time=0, tier=0, owner=0, site=(), size=0,
                 align=0, caps=0, address=0, old=0, text=""):
        self.kind = kind
        self.time = time
        self.tier = tier
        self.owner = owner
        self.site = site
        self.size = size
        self.align = align
        self.caps = caps
        self.address = address
        self.old = old
        self.text = text

    def failed(self):
        """Did the call want memory and get none?"""
        return self.kind <= REALLOC and not self.address


class Block:
    """A live block, and the event that made it (index: its number)."""

    __slots__ = ("address", "size", "tier", "owner", "site", "time", "index")

    def __init__(self, event, index):
        self.address = event.address
        self.size = event.size
        self.tier = event.tier
        self.owner = event.owner
        self.site = event.site
        self.time = event.time
        self.index = index


class Heap:
    """
    What is live, and what has been.

    live	{address: Block}
    bytes	their sizes together, as asked for
    peak	the most that bytes has been, after event number peak_index
    index	number of the event applied last; -1 before the first
    counts	how often each kind of event came
    failures	calls that got no memory
    unknown	frees and reallocs of blocks from before the recording
    lost	events that the recorder says it could not keep
    total	bytes asked for by all calls that gave a block
    """

    def __init__(self):
        self.live = {}
        self.resizing = {}
        self.bytes = 0
        self.peak = 0
        self.peak_index = -1
        self.index = -1
        self.time = 0
        self.counts = [0] * len(KINDS)
        self.failures = 0
        self.unknown = 0
        self.lost = 0
        self.total = 0

    def apply(self, event):
        """
        Take the next event; (block gone or None, block made or None). A block
        whose free was lost goes when its address is handed out again.
        """
        self.index += 1
        self.time = event.time
        self.counts[event.kind] += 1
        if event.kind == LOST:
            self.lost += event.size
        if event.kind >= MARK:
            return None, None
        if event.failed():
            self.failures += 1
            self.resizing.pop(event.old, None)
            return None, None
        if event.kind == RESIZE:
            self.resizing[event.old] = self.live.get(event.old)
            return None, None
        gone = self._take(event.old) if event.old else None
        if event.kind == FREE:
            return gone, None
        unfreed = self._drop(event.address)
        return gone or unfreed, self._add(event)

    def _take(self, address):
        """The block that a free or realloc means is gone."""
        block = self.resizing.pop(address, None) or self.live.get(address)
        if block is None:
            self.unknown += 1
            return None
        if self.live.get(address) is block:
            del self.live[address]
            self.bytes -= block.size
        return block

    def _drop(self, address):
        """An address is handed out: what is thought to be there is not."""
        block = self.live.pop(address, None)
        if block is None:
            return None
        self.bytes -= block.size
        return None if block is self.resizing.get(address) else block

    def _add(self, event):
        block = Block(event, self.index)
        self.live[block.address] = block
        self.bytes += block.size
        self.total += block.size
        if self.bytes > self.peak:
            self.peak = self.bytes
            self.peak_index = self.index
        return block


def heap_at(events, index=None):
    """The heap after event number index, or after all."""
    heap = Heap()
    for event in events:
        if heap.index == index:
            break
        heap.apply(event)
    return heap


def group(blocks, key):
    """[(key, bytes, blocks)] of the blocks, the most bytes first."""
    sums = {}
    for block in blocks:
        row = sums.setdefault(key(block), [0, 0])
        row[0] += block.size
        row[1] += 1
    rows = [(what, size, count) for what, (size, count) in sums.items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], str(row[0])))
