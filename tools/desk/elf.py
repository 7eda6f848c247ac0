# SPDX-License-Identifier: MIT
"""As much of ELF as the desk wants: symbols, contents, the build id."""

import collections
import struct

from .errors import DeskError, read_file

MACHINES = {3: "x86", 40: "ARM", 62: "x86-64", 243: "RISC-V", 20: "PowerPC",
            183: "AArch64"}
PT_LOAD, PT_NOTE = 1, 4
SHT_SYMTAB, SHT_RELA = 2, 4
ET_DYN = 3
NT_GNU_BUILD_ID = 3


Section = collections.namedtuple("Section",
                                 "name kind flags address offset size link")


class Elf:
    """
    An ELF file in memory: word is 32 or 64, order "<" or ">"; moves: it is
    position independent, so the system chooses where it is loaded.
    """

    def __init__(self, path):
        self.path = path
        self.data = read_file(path)
        if self.data[:4] != b"\x7fELF" or len(self.data) < 52:
            raise DeskError(f"{path}: not an ELF file")
        self.word = {1: 32, 2: 64}.get(self.data[4])
        self.order = {1: "<", 2: ">"}.get(self.data[5])
        if not self.word or not self.order:
            raise DeskError(f"{path}: an ELF file of no kind known here")
        try:
            self._read()
        except (struct.error, IndexError):
            raise DeskError(f"{path}: damaged or truncated ELF file") from None

    def _unpack(self, layout, at):
        return struct.unpack_from(self.order + layout, self.data, at)

    def _read(self):
        big = self.word == 64
        layout = "HHI" + ("QQQ" if big else "III") + "IHHHHHH"
        (kind, machine, _, _, phoff, shoff, _, _, phsize, phnum, shsize, shnum,
         names) = self._unpack(layout, 16)
        self.machine = MACHINES.get(machine, f"machine {machine}")
        self.moves = kind == ET_DYN
        self.segments = []
        for at in range(phoff, phoff + phsize * phnum, phsize):
            if big:
                kind, _, offset, vaddr, _, size = self._unpack("IIQQQQ", at)
            else:
                kind, offset, vaddr, _, size = self._unpack("IIIII", at)
            self.segments.append((kind, offset, vaddr, size))
        self.sections = []
        for at in range(shoff, shoff + shsize * shnum, shsize):
            if big:
                fields = self._unpack("IIQQQQI", at)
            else:
                fields = self._unpack("IIIIIII", at)
            self.sections.append(Section(*fields))
        self.tags = self._section_named(names, b"slate_tags")
        self.symbols = self._read_symbols()
        self.relocated = self._read_relocations()

    def _read_symbols(self):
        """{name: (address, size)}; local names that come twice: any."""
        symbols = {}
        big = self.word == 64
        for section in self.sections:
            if section.kind != SHT_SYMTAB:
                continue
            names = self.sections[section.link].offset
            for at in range(section.offset, section.offset + section.size,
                            24 if big else 16):
                if big:
                    name, _, _, where, value, length = self._unpack("IBBHQQ",
                                                                    at)
                else:
                    name, value, length, _, _, where = self._unpack("IIIBBH",
                                                                    at)
                if name and where:
                    end = self.data.index(0, names + name)
                    text = self.data[names + name:end].decode("utf-8",
                                                              "replace")
                    symbols[text] = value, length
        return symbols

    def _section_named(self, names, wanted):
        for section in self.sections:
            start = self.sections[names].offset + section.name
            if self.data[start:start + len(wanted) + 1] == wanted + b"\0":
                return section
        return None

    def _read_relocations(self):
        """{address: word} of what a loader adds the load address to."""
        words = {}
        for section in self.sections:
            if section.kind == SHT_RELA and self.word == 64:
                for at in range(section.offset, section.offset + section.size,
                                24):
                    address, _, addend = self._unpack("QQQ", at)
                    words[address] = addend
        return words

    def pointer(self, address):
        """The pointer stored at an address, before any loading; or None."""
        if address in self.relocated:
            return self.relocated[address]
        data = self.read(address, self.word // 8)
        return None if data is None else int.from_bytes(
            data, "little" if self.order == "<" else "big")

    def is_tag(self, address):
        """Is a site that address of a struct slate_tag?"""
        tags = self.tags
        return bool(tags) and \
            tags.address <= address < tags.address + tags.size

    def read(self, address, size):
        """Contents at an address as the file has them; None if it has not."""
        for kind, offset, vaddr, length in self.segments:
            if kind == PT_LOAD and vaddr <= address and \
                    address + size <= vaddr + length:
                start = offset + address - vaddr
                return self.data[start:start + size]
        return None

    def string(self, address, most=256):
        """The C string at an address; None if the file does not hold it."""
        text = b""
        while len(text) < most:
            byte = self.read(address + len(text), 1)
            if byte is None:
                return None
            if byte == b"\0":
                return text.decode("utf-8", "replace")
            text += byte
        return text.decode("utf-8", "replace")

    def build_id(self):
        """The linker's build id in hex, or None."""
        for kind, offset, _, size in self.segments:
            if kind != PT_NOTE:
                continue
            at = offset
            while at + 12 <= offset + size:
                namelen, length, note = self._unpack("III", at)
                start = at + 12 + (namelen + 3) // 4 * 4
                if note == NT_GNU_BUILD_ID:
                    return self.data[start:start + length].hex()
                at = start + (length + 3) // 4 * 4
        return None
