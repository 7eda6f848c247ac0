# SPDX-License-Identifier: MIT
"""
Reads a recording, as docs/recording.md describes it: blocks, each with a
checksum and a number, of facts or of events.

What is damaged or missing is left out, and a warning says so: a recording that
was cut off, or has gaps, or lies somewhere in a dump of memory, is still one.
"""

import struct
import zlib

from . import model
from .errors import DeskError, read_file
from .model import Event
from .progress import Progress

MAGIC = b"SR"
VERSION = 1
HEAD = struct.Struct("<2sBBBBIH")
TAIL = 4
(HEAP, CONFIG, REGION, STATS, CODE, BUILD_ID, CLOCK, NAME, TIERS) = \
    range(1, 10)
OPTIONS = ("GRANULE", "REGIONS", "SOURCE", "POOL", "HOOKS", "STATS", "LOCK",
           "CHECK", "REPAIR", "LINE", "DEBUG", "QUARANTINE")
(NOTE, MALLOC, CALLOC, ALIGNED, REALLOC, FREE, REALLOC_NULL, RESIZE) = range(8)
KIND_OF = {MALLOC: model.MALLOC, CALLOC: model.CALLOC,
           ALIGNED: model.ALIGNED, REALLOC: model.REALLOC, FREE: model.FREE,
           REALLOC_NULL: model.REALLOC, RESIZE: model.RESIZE}
(MARK, ARENA, ARENA_GONE, END, OWNER_NAME, LIVE) = range(6)
NULL, OWNER = 0x20, 0x80
SITE_MISS, SITE_NONE = 32, 64


class Damaged(Exception):
    """An event that cannot be one."""


class Block:
    """A block that is whole: its kind, number, and payload."""

    def __init__(self, data, at):
        (_, _, self.kind, flags, _, self.number,
         length) = HEAD.unpack_from(data, at)
        self.word = 64 if flags & 1 else 32
        self.has_time = bool(flags & 2)
        self.shift = flags >> 4
        self.payload = data[at + HEAD.size:at + HEAD.size + length]
        self.end = at + HEAD.size + length + TAIL


class Numbers:
    """Takes numbers, bytes and texts from a payload, one after the other."""

    def __init__(self, data, word):
        self.data = data
        self.mask = (1 << word) - 1
        self.at = 0

    def byte(self):
        if self.at >= len(self.data):
            raise Damaged
        self.at += 1
        return self.data[self.at - 1]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value & self.mask

    def signed(self):
        value = self.number()
        return -(value + 1 >> 1) if value & 1 else value >> 1

    def bytes(self, count):
        if self.at + count > len(self.data):
            raise Damaged
        self.at += count
        return self.data[self.at - count:self.at]

    def text(self):
        return self.bytes(self.byte()).decode("utf-8", "replace")

    def more(self):
        return self.at < len(self.data)


def is_whole(data, at):
    """Is a block here, of the version known, with the right checksum?"""
    if data[at:at + 2] != MAGIC or at + HEAD.size + TAIL > len(data):
        return False
    length = HEAD.unpack_from(data, at)[6]
    end = at + HEAD.size + length
    if end + TAIL > len(data):
        return False
    # The length is not under the checksum; a wrong one is seen by it.
    crc = zlib.crc32(data[at + HEAD.size:end], zlib.crc32(data[at:at + 10]))
    return struct.unpack_from("<I", data, end)[0] == crc


def versions(data):
    """The versions of what looks like a block's beginning."""
    found, at = set(), data.find(MAGIC)
    while at >= 0 and at + HEAD.size <= len(data):
        if data[at + 3:at + 4] in (b"H", b"E") and data[at + 5] == 0:
            found.add(data[at + 2])
        at = data.find(MAGIC, at + 1)
    return found


def find_blocks(data):
    """(blocks, bytes between them that are none)"""
    blocks, at, garbage = [], 0, 0
    while at < len(data):
        if is_whole(data, at) and data[at + 2] == VERSION:
            blocks.append(Block(data, at))
            at = blocks[-1].end
            continue
        following = data.find(MAGIC, at + 1)
        following = len(data) if following < 0 else following
        garbage += following - at
        at = following
    return blocks, garbage


class Decoder:
    """The events of one block; what they are the difference to starts anew."""

    def __init__(self, block, names):
        self.block = block
        self.data = Numbers(block.payload, block.word)
        self.names = names
        self.first = self.data.number()
        self.time = self.data.number()
        self.owner = self.data.number()
        self.address = 0
        self.site = 0
        self.sites = [0] * 32
        self.lost = None

    def _address(self):
        block = self.block
        turned = (self.address + self.data.signed()) & self.data.mask
        self.address = turned
        return (turned << block.shift | turned >> block.word - block.shift) & \
            self.data.mask

    def _site(self):
        code = self.data.byte()
        if code == SITE_NONE:
            return ()
        if code & SITE_MISS:
            self.site = (self.site + self.data.signed()) & self.data.mask
            self.sites[code & 31] = self.site
        return (self.sites[code & 31],)

    def _now(self):
        if self.block.has_time:
            self.time = (self.time + self.data.number()) & self.data.mask

    def _note(self, kind):
        self._now()
        data = self.data
        first = data.number()
        if kind == MARK:
            return Event(model.MARK, self.time, text=data.text())
        if kind == OWNER_NAME:
            self.names[first] = data.text()
            return None
        second = data.number()
        if kind == END:
            self.lost = first
            return None
        kinds = {ARENA: model.ARENA, ARENA_GONE: model.ARENA_GONE,
                 LIVE: model.LIVE}
        if kind not in kinds:
            raise Damaged
        return Event(kinds[kind], self.time, owner=self.owner, size=second,
                     address=first)

    def _call(self, head):
        kind, data = head & 7, self.data
        if head & OWNER:
            self.owner = data.number()
        self._now()
        event = Event(KIND_OF[kind], self.time, head >> 3 & 3, self.owner)
        if kind in (REALLOC, RESIZE):
            event.old = self._address()
        if kind == ALIGNED:
            event.align = 1 << data.byte()
            event.caps = data.number()
        if kind not in (FREE, RESIZE):
            event.size = data.number()
        if kind == RESIZE:
            return event
        if not head & NULL:
            event.address = self._address()
        event.site = self._site()
        if kind == FREE:
            event.old, event.address = event.address, 0
        return event

    def events(self):
        while self.data.more():
            head = self.data.byte()
            event = self._call(head) if head & 7 else self._note(head >> 3)
            yield event


class Recording:
    """
    A recording.

    word, granule	of the program that made it: bits, bytes
    heap		the address of its struct slate_heap
    regions		[(base, bytes, caps)] of the heap, when it began
    options		{"POOL": 1, ...}: its configuration
    hz			ticks of time in a second; 0 without a clock
    code		where slate_record_start() is in the program, or None
    build_id		in hex, or ""
    name		what the program calls itself, or ""
    owners		{owner: name}
    events		[Event]
    warnings		what is missing or damaged, for people
    """

    def __init__(self):
        self.word = self.granule = self.heap = self.hz = 0
        self.code = None
        self.regions = []
        self.options = {}
        self.build_id = self.name = ""
        self.owners = {}
        self.events = []
        self.warnings = []

    def owner_name(self, owner):
        return self.owners.get(owner, f"owner {owner}")

    def take_facts(self, block):
        data = Numbers(block.payload, block.word)
        while data.more():
            tag = data.byte()
            item = Numbers(data.bytes(data.byte()), block.word)
            if tag == BUILD_ID:
                self.build_id = item.data.hex()
            elif tag == NAME:
                self.name = item.data.decode("utf-8", "replace")
            else:
                self._take_numbers(tag, item)

    def _take_numbers(self, tag, item):
        numbers = []
        while item.more():
            numbers.append(item.number())
        if tag == HEAP:
            self.heap = numbers[2]
        elif tag == CONFIG:
            self.options = dict(zip(OPTIONS, numbers))
        elif tag == REGION:
            self.regions.append(tuple(numbers[:3]))
        elif tag == CODE:
            self.code = numbers[0]
        elif tag == CLOCK:
            self.hz = numbers[0]


def decode(data, path):
    """A recording from its bytes."""
    blocks, garbage = find_blocks(data)
    if not blocks:
        other = sorted(versions(data) - {VERSION})
        if other:
            raise DeskError(f"{path}: a recording of version {other[0]}; this "
                            f"tool knows version {VERSION}")
        raise DeskError(f"{path}: no recording: not one block of it is whole")
    recording = Recording()
    recording.word = blocks[0].word
    recording.granule = 1 << blocks[0].shift
    if garbage:
        recording.warnings.append(f"{garbage} bytes are damaged or cut off, "
                                  "and left out")
    facts = [block for block in blocks if block.kind == ord("H")]
    if facts:
        recording.take_facts(facts[-1])
    else:
        recording.warnings.append("the block of facts is missing: regions, "
                                  "configuration and clock are not known")
    take_events(recording, blocks, facts[-1].number if facts else -1)
    return recording


def take_events(recording, blocks, after):
    """The events of the blocks behind the facts, by number, with the gaps."""
    order = sorted((block for block in blocks if block.kind == ord("E") and
                    block.number > after), key=lambda block: block.number)
    progress = Progress("reading", len(order))
    expected, told = 0, None
    for number, block in enumerate(order):
        progress.step(number)
        try:
            decoder = Decoder(block, recording.owners)
            if decoder.first > expected:
                lost(recording, decoder, decoder.first - expected)
            expected = decoder.first
            for event in decoder.events():
                expected += 1
                if event:
                    recording.events.append(event)
        except Damaged:
            recording.warnings.append(f"block {block.number} ends in the "
                                      "middle of an event")
        told = decoder.lost if decoder.lost is not None else told
    progress.end()
    if told is None:
        recording.warnings.append("it has no end: the program went on, "
                                  "stopped suddenly, or the file is cut off")


def lost(recording, decoder, count):
    recording.events.append(Event(model.LOST, decoder.time, size=count))
    recording.warnings.append(f"{count} events are missing before event "
                              f"{decoder.first}")


def read(path):
    """The recording in a file, or in a dump of memory."""
    data = read_file(path)
    if not data:
        raise DeskError(f"{path}: empty")
    return decode(data, path)


def check_elf(recording, elf):
    """
    Is the ELF file that of the program which made the recording? Returns by
    how much the program was moved when it was loaded.
    """
    if elf.word != recording.word:
        raise DeskError(f"{elf.path}: a program of {elf.word} bits, but the "
                        f"recording is of one of {recording.word}")
    build_id = elf.build_id()
    if recording.build_id and build_id and recording.build_id != build_id:
        raise DeskError(f"{elf.path}: not the program that was recorded: its "
                        f"build id is {build_id}, the recording has "
                        f"{recording.build_id}")
    start = elf.symbols.get("slate_record_start")
    if start is None:
        raise DeskError(f"{elf.path}: not a program that records: it has no "
                        "slate_record_start(), or no symbols at all")
    if recording.code is None:
        return 0
    moved = (recording.code & ~1) - (start[0] & ~1)
    if moved and not elf.moves or moved % 4096:
        raise DeskError(f"{elf.path}: not the program that was recorded: "
                        f"slate_record_start() is at {start[0]:#x}, in the "
                        f"recording at {recording.code:#x}")
    return moved
