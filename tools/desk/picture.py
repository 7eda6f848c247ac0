# SPDX-License-Identifier: MIT
"""
A heap to be drawn: what lies where, and from when to when.

Addresses are offsets from base, times are numbers of events: a thing is there
after event number made and before event number gone (never: FOREVER). What
comes from a dump has no history; its things are made at 0.
"""

import bisect

from . import reader
from .model import ARENA, Heap
from .progress import each

FOREVER = 1 << 52	# an integer in JavaScript, too
UNKNOWN = -1
PAGE_BLOCKS = 300000	# that a page has at most, and times of events
PAGE_TIMES = 50000
STRAY_GAP = 65536	# bytes between blocks that are thought to be one memory
KEYS = ("tier", "class", "age", "owner", "site")


class Thing:
    """
    A block, a pool, or a table.

    start, size	bytes it takes up, from base
    asked	bytes asked for, of a block whose request is known; else size
    block	of a pool the bytes of each of its blocks; else 0
    tier, owner, site	of a block; numbers, or UNKNOWN
    """

    __slots__ = ("start", "size", "asked", "block", "tier", "owner", "site",
                 "made", "gone")

    def __init__(self, start, size, asked=0, block=0, tier=UNKNOWN,
                 owner=UNKNOWN, site=UNKNOWN, made=0, gone=FOREVER):
        self.start = start
        self.size = size
        self.asked = asked or size
        self.block = block
        self.tier = tier
        self.owner = owner
        self.site = site
        self.made = made
        self.gone = gone

    def is_there(self, at):
        return self.made <= at < self.gone

    def row(self):
        return [self.start, self.size, self.asked, self.block, self.tier,
                self.owner, self.site, self.made, self.gone]


class Picture:
    """
    title	what is shown
    base	the address that offsets count from
    word	bits of a word
    granule	bytes
    spans	[(start, size, name)] of regions and arenas, by address
    blocks, pools, tables	[Thing]
    owners	{number: name}
    sites	[name]
    keys	by what its blocks can be told apart, of KEYS
    first, last	numbers of the first and last event; 0 without history
    times	for each event, ticks; empty without a clock
    hz		ticks of a second
    notes	what is to be known of it, as text
    """

    def __init__(self, title, word, granule, spans):
        self.title = title
        self.word = word
        self.granule = granule
        spans = sorted(spans)
        self.base = spans[0][0] if spans else 0
        self.spans = [(start - self.base, size, name)
                      for start, size, name in spans]
        self.blocks = []
        self.pools = []
        self.tables = []
        self.owners = {}
        self.sites = []
        self.keys = ["class"]
        self.first = self.last = 0
        self.times = []
        self.hz = 0
        self.notes = []

    def offset(self, address):
        return address - self.base

    def at(self, moment):
        """(blocks, pools, tables) that are there then, by address."""
        def there(things):
            return sorted((each for each in things if each.is_there(moment)),
                          key=lambda each: each.start)

        return (there(self.blocks), there(self.pools), there(self.tables))

    def limit(self, first, last):
        """Leave out what is not there between two events."""
        self.first, self.last = max(first, 0), max(last, first, 0)
        for things in (self.blocks, self.pools):
            things[:] = [each for each in things if each.made <= self.last and
                         each.gone > self.first]

    def worth_showing(self, most):
        """
        The blocks, or, of more than most, those that lived longest; and how
        many events those that are left out lived at most.
        """
        if len(self.blocks) <= most:
            return self.blocks, 0
        lives = sorted((block.gone - block.made for block in self.blocks),
                       reverse=True)
        short = lives[most]
        return [block for block in self.blocks
                if block.gone - block.made > short], short

    def data(self):
        """All of it, to be written as JSON for the page."""
        blocks, short = self.worth_showing(PAGE_BLOCKS)
        notes = list(self.notes)
        if short:
            notes.append("left out here, but not by slate-trace: blocks that "
                         f"lived for no more than {short} events")
        step = max(-(-len(self.times) // PAGE_TIMES), 1)
        return {
            "title": self.title, "base": str(self.base), "word": self.word,
            "granule": self.granule, "spans": self.spans,
            "blocks": [each.row() for each in blocks],
            "pools": [each.row() for each in self.pools],
            "tables": [each.row() for each in self.tables],
            "owners": self.owners, "sites": self.sites, "keys": self.keys,
            "first": self.first, "last": self.last, "hz": self.hz,
            "times": self.times[::step], "step": step, "notes": notes,
        }


def spans_of(recording):
    """[(start, bytes, name)]: regions, arenas that came, and what is between
    blocks that lie in neither."""
    spans = [(base, size, f"region {number}") for number, (base, size, _)
             in enumerate(recording.regions)]
    spans += [(event.address, event.size, "arena")
              for event in recording.events if event.kind == ARENA and
              not any(base <= event.address < base + size
                      for base, size, _ in spans)]
    spans.sort()
    starts = [start for start, _, _ in spans]
    stray = set()
    for event in recording.events:
        at = bisect.bisect_right(starts, event.address) - 1
        if event.address and (at < 0 or event.address >=
                              spans[at][0] + spans[at][1]):
            stray.add((event.address, event.address + event.size))
    for start, end in gather(sorted(stray)):
        size = -(-(end - start) // recording.granule) * recording.granule
        spans.append((start, size, "memory that the recording does not name"))
    return spans


def gather(stretches):
    """Sorted (start, end) as fewer ones, where gaps are below STRAY_GAP."""
    result = []
    for start, end in stretches:
        if result and start - result[-1][1] < STRAY_GAP:
            result[-1] = result[-1][0], max(end, result[-1][1])
        else:
            result.append((start, end))
    return result


def of_recording(recording, sites, title):
    """The blocks of a recording over time, without pools and tables."""
    spans = spans_of(recording)
    picture = Picture(title, recording.word, recording.granule, spans)
    picture.keys = list(KEYS)
    picture.notes = list(recording.warnings)
    picture.owners = {owner: name for owner, name in recording.owners.items()}
    picture.hz = recording.hz
    numbers, things, heap = {}, {}, Heap()
    for event in each(recording.events, "drawing", len(recording.events)):
        gone, made = heap.apply(event)
        if gone:
            things.pop(id(gone)).gone = heap.index
        if made:
            site = numbers.setdefault(made.site, len(numbers))
            size = max(-(-made.size // picture.granule), 1) * picture.granule
            things[id(made)] = Thing(
                picture.offset(made.address), size, made.size, 0, made.tier,
                made.owner, site, heap.index)
            picture.blocks.append(things[id(made)])
        if recording.hz:
            picture.times.append(event.time)
    sites.prepare(numbers)
    picture.sites = [sites.name(site) for site in numbers]
    picture.last = max(heap.index, 0)
    return picture


def of_memory(reading, heap, sites, title):
    """
    The heap as it is in a program's memory, by its Reader. Where debug hooks
    show the program's blocks, what is around them counts as tables.
    """
    spans, blocks = reading.map(heap)
    owners = reading.owners(heap)
    regions = []
    for address, size, *_ in spans:
        if regions and regions[-1][0] + regions[-1][1] == address:
            regions[-1][1] += size
        else:
            regions.append([address, size])
    options = reading.layout.options
    picture = Picture(title, reading.layout.word, options["GRANULE"],
                      [(address, size, f"memory {number}") for number,
                       (address, size) in enumerate(regions)])
    shown = {block[:2] for block in blocks}
    for address, size, kind, block, *_ in spans:
        thing = Thing(picture.offset(address), size, 0, block)
        if kind == reader.POOL:
            picture.pools.append(thing)
        elif kind == reader.TABLES or kind == reader.LIVE and \
                (address, size) not in shown:
            picture.tables.append(thing)
    numbers = {}
    for address, size, pooled in blocks:
        thing = Thing(picture.offset(address), size, 0, size if pooled else 0)
        known = owners.get(address)
        if known and known.size is not None:
            thing.asked, thing.tier = known.size, known.tier
        if known and known.site:
            thing.site = numbers.setdefault(known.site, len(numbers))
        if known and known.owner is not None:
            thing.owner = known.owner
        picture.blocks.append(thing)
    sites.prepare(numbers)
    picture.sites = [sites.name(site) for site in numbers]
    picture.keys = [key for key in KEYS if key == "class" or key in (
        "tier", "owner", "site") and any(getattr(block, key) != UNKNOWN
                                         for block in picture.blocks)]
    return picture


def add_structure(picture, tables, pools, events):
    """
    Tables [(address, size)], and changes of pools [(call, made, address, size,
    block size)] from a replay, whose calls are the events numbered in events.
    """
    picture.tables = [Thing(picture.offset(address), size)
                      for address, size in tables]
    there = {}
    for call, made, address, size, block in pools:
        moment = events[call - 1] if call else 0
        if made:
            there[address] = Thing(picture.offset(address), size, 0, block,
                                   made=moment)
            picture.pools.append(there[address])
        elif address in there:
            there.pop(address).gone = moment
    give_classes(picture)


def give_classes(picture):
    """A block in a pool takes up what the pool's blocks have."""
    pools = sorted(picture.pools, key=lambda pool: pool.start)
    starts = [pool.start for pool in pools]
    for block in picture.blocks:
        at = bisect.bisect_right(starts, block.start) - 1
        while at >= 0 and pools[at].start + pools[at].size > block.start:
            if pools[at].made <= block.made < pools[at].gone:
                block.block = block.size = pools[at].block
                break
            at -= 1
