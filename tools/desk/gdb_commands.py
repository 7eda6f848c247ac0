# SPDX-License-Identifier: MIT
"""
The gdb commands: slate stats, walk, check, block, leaks, map, recording, dump.

HEAP is an expression that points to a heap; without one, the variable heap.
They read memory only: nothing of the program runs.
"""

import gdb

from . import looks, map_cli, memory, picture, recording, symbols
from .elf import Elf
from .errors import DeskError
from .reader import Reader


class Session:
    """What the commands share: the program's file, reader and memory."""

    def __init__(self):
        self.dump = None
        self.path = None
        self.reading = None

    def read(self, address, size):
        if self.dump:
            return self.dump.read(address, size)
        try:
            return bytes(gdb.selected_inferior().read_memory(address, size))
        except gdb.error:
            raise memory.Unreadable(address) from None

    def reader(self):
        """The Reader of the program that gdb has; built once."""
        if not self.dump and not gdb.selected_inferior().pid:
            raise DeskError("nothing runs here: say target remote, run, core, "
                            "or slate dump")
        path = gdb.current_progspace().filename
        if not path:
            raise DeskError("gdb has no program: say file PROGRAM")
        if self.path != path:
            self.reading = Reader(Elf(path), self.read)
            self.path = path
        return self.reading

    def address(self, text):
        """
        What an expression points to; where gdb knows no type of a variable,
        it is taken for a pointer.
        """
        if not self.dump:
            try:
                value = gdb.parse_and_eval(text)
                if value.type.strip_typedefs().code in (
                        gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_INT):
                    return int(value)
            except gdb.error:
                pass
        return memory.pointer(text, self.reader().elf, self.reader().read)

    def heap(self, text):
        heap = self.address(text)
        if not heap:
            raise DeskError(f"{text} is NULL: there is no heap yet")
        return heap

    def sites(self):
        elf, moved = self.reader().elf, 0
        if elf.moves and not self.dump:
            here = gdb.parse_and_eval("(unsigned long)&slate_layout_")
            moved = int(here) - elf.symbols["slate_layout_"][0]
        return symbols.Sites(symbols.Symbols(elf, moved))


SESSION = Session()


def put(text):
    gdb.write(text + "\n")


class Slate(gdb.Command):
    """Look at heaps of slate. HEAP is an expression; the variable heap if
    it is left out."""

    def __init__(self):
        super().__init__("slate", gdb.COMMAND_DATA, prefix=True)


class Command(gdb.Command):
    """One command: NAME, a WORD if it takes one, and the HEAP."""

    name = ""
    word = ""

    def __init__(self):
        super().__init__(self.name, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        least = 1 if self.word else 0
        try:
            if not least <= len(words) <= least + 1:
                raise DeskError(f"usage: {self.name} {self.word} [HEAP]"
                                .replace("  ", " "))
            reading = SESSION.reader()
            heap = SESSION.heap(words[least] if len(words) > least else "heap")
            self.run(reading, heap, *words[:least])
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


class Stats(Command):
    """slate stats [HEAP]: the heap in figures."""

    name = "slate stats"

    def run(self, reading, heap):
        looks.put_stats(put, reading, heap)


class Check(Command):
    """slate check [HEAP]: test the whole structure, and with debug hooks the
    bytes around each block and those that were freed."""

    name = "slate check"

    def run(self, reading, heap):
        looks.put_check(put, reading, heap, SESSION.sites())


class Walk(Command):
    """slate walk [HEAP]: every live block."""

    name = "slate walk"

    def run(self, reading, heap):
        looks.put_walk(put, reading, heap, SESSION.sites())


class Leaks(Command):
    """slate leaks [HEAP]: live blocks by who allocated them, if that is known
    (from tracing or debug hooks), else by size."""

    name = "slate leaks"

    def run(self, reading, heap):
        looks.put_leaks(put, reading, heap, SESSION.sites())


class Block(Command):
    """slate block ADDR [HEAP]: what is at an address, who allocated it."""

    name = "slate block"
    word = "ADDR"

    def run(self, reading, heap, address):
        looks.put_block(put, reading, heap, SESSION.address(address),
                        SESSION.sites())


class Map(Command):
    """slate map FILE [HEAP]: draw the heap into FILE.svg or FILE.html."""

    name = "slate map"
    word = "FILE"

    def run(self, reading, heap, path):
        drawn = picture.of_memory(reading, heap, SESSION.sites(),
                                  f"heap at {heap:#x}")
        map_cli.write(drawn, path, None, 0)


class Recording(gdb.Command):
    """slate recording FILE: from now on a recording of this program tells who
    allocated a block, as far as tracing and debug hooks do not."""

    def __init__(self):
        super().__init__("slate recording", gdb.COMMAND_DATA,
                         gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        try:
            reading = SESSION.reader()
            words = gdb.string_to_argv(argument)
            if len(words) != 1:
                raise DeskError("usage: slate recording FILE")
            record = recording.read(words[0])
            recording.check_elf(record, reading.elf)
            put(f"{reading.take_recording(record)} blocks live at its end")
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


class Dump(gdb.Command):
    """slate dump FILE@ADDRESS...: from now on read memory from files, written
    by "dump binary memory FILE FROM TO"; without one, from the target."""

    def __init__(self):
        super().__init__("slate dump", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            names = gdb.string_to_argv(argument)
            SESSION.dump = memory.Dump(names) if names else None
        except DeskError as error:
            raise gdb.GdbError(f"slate: {error}") from None


def register():
    for command in (Slate, Stats, Check, Walk, Leaks, Block, Map,
                    Recording, Dump):
        command()
