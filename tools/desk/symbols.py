# SPDX-License-Identifier: MIT
"""Names for call sites: function, file and line of an address, by addr2line."""

import os
import shutil
import subprocess

from .elf import Elf
from .errors import DeskError
from .recording import check_elf

# Its own first: the host's knows no other machine.
ADDR2LINE = {
    "ARM": ["arm-none-eabi-addr2line", "arm-linux-gnueabihf-addr2line"],
    "RISC-V": ["riscv64-unknown-elf-addr2line"],
    "PowerPC": ["powerpc-linux-gnu-addr2line"],
}


class Frame:
    """Where code is: function, file, line; empty and 0 if not known."""

    __slots__ = ("address", "function", "file", "line")

    def __init__(self, address, function="", file="", line=0):
        self.address = address
        self.function = function
        self.file = file
        self.line = line

    def __str__(self):
        name = self.function or f"{self.address:#x}"
        place = f"{os.path.basename(self.file)}:{self.line}"
        if not self.file:
            return name
        return f"{name} ({place})" if self.function else place


class NoSymbols:
    """Without an ELF file: addresses only."""

    def prepare(self, addresses):
        """Nothing to look up."""

    def frames(self, address):
        return [Frame(address)]


class Symbols:
    """
    Frames for the addresses of an ELF file: of one address the function that
    was inlined there first, then where that was inlined, and so on.

    What is recorded is a return address, behind its call: the place looked up
    is one byte before it, and on ARM without the Thumb bit. moved: by how much
    a position independent program was moved when it was loaded.
    """

    def __init__(self, elf, moved=0):
        self.elf = elf
        self.moved = moved
        self.found = {}

    def _place(self, address):
        address -= self.moved
        if self.elf.machine == "ARM":
            address &= ~1
        return max(address - 1, 0)

    def tag(self, address):
        """The Frame of a struct slate_tag at an address; None if none is."""
        address -= self.moved
        if not self.elf.is_tag(address):
            return None
        file = self.elf.pointer(address)
        line = self.elf.read(address + self.elf.word // 8, 4)
        name = self.elf.string(file) if file else None
        if name is None or line is None:
            return None
        order = "little" if self.elf.order == "<" else "big"
        return Frame(address, "", name, int.from_bytes(line, order))

    def _command(self):
        for name in ADDR2LINE.get(self.elf.machine, []) + [
                "llvm-addr2line", "addr2line"]:
            if shutil.which(name):
                return [name, "-afiC", "-e", self.elf.path]
        raise DeskError("no addr2line for " + self.elf.machine + " is here; "
                        "it comes with the compiler")

    def prepare(self, addresses):
        """Look all of them up at once: far less work than one by one."""
        wanted = sorted(set(addresses) - set(self.found))
        for address in wanted:
            tag = self.tag(address)
            if tag:
                self.found[address] = [tag]
        wanted = [each for each in wanted if each not in self.found]
        if not wanted:
            return
        places = "".join(f"{self._place(each):#x}\n" for each in wanted)
        try:
            done = subprocess.run(self._command(), input=places, text=True,
                                  capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise DeskError(f"addr2line failed: {error}") from None
        answers = done.stdout.split("0x")[1:]
        for address, answer in zip(wanted, answers):
            lines = answer.splitlines()
            self.found[address] = [
                parse(address, function, place)
                for function, place in zip(lines[1::2], lines[2::2])]

    def frames(self, address):
        self.prepare([address])
        return self.found[address]


def parse(address, function, place):
    """addr2line's two lines, where "??" is what it does not know."""
    file, _, line = place.partition(" (")[0].rpartition(":")
    return Frame(address, "" if function == "??" else function,
                 "" if file == "??" else file,
                 int(line) if line.isdecimal() else 0)


def load(path, recording):
    """Symbols of the ELF file at path, of which the recording is; or none."""
    if not path:
        return NoSymbols()
    elf = Elf(path)
    return Symbols(elf, check_elf(recording, elf))


class Sites:
    """Call sites as text: of a site's addresses the innermost is first."""

    def __init__(self, symbols):
        self.symbols = symbols

    def prepare(self, sites):
        self.symbols.prepare([address for site in sites for address in site])

    def frames(self, site):
        return [frame for address in site
                for frame in self.symbols.frames(address)] or [Frame(0)]

    def name(self, site):
        """One line, the innermost frame first."""
        if not site:
            return "(unknown site)"
        return " < ".join(str(frame) for frame in self.frames(site))
