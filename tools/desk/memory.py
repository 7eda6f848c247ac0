# SPDX-License-Identifier: MIT
"""Where a program's memory is read from, and where its heap is in it."""

from .errors import DeskError, read_file


class Unreadable(Exception):
    """Memory that is not there; its argument is the address."""


def with_elf(read, elf):
    """A read function that takes constants and code from the ELF file."""
    def read_either(address, size):
        try:
            return read(address, size)
        except Unreadable:
            data = None if elf.moves else elf.read(address, size)
            if data is None:
                raise
            return data

    return read_either


class Dump:
    """Memory from files, each named FILE@ADDRESS."""

    def __init__(self, names):
        self.parts = []
        for name in names:
            path, _, address = name.rpartition("@")
            try:
                start = int(address, 0)
            except ValueError:
                start = -1
            if not path or start < 0:
                raise DeskError(f"{name}: not FILE@ADDRESS, such as "
                                "ram.bin@0x20000000")
            self.parts.append((start, read_file(path)))

    def read(self, address, size):
        for start, data in self.parts:
            if start <= address and address + size <= start + len(data):
                return data[address - start:address - start + size]
        raise Unreadable(address)


def pointer(name, elf, read):
    """A number, or what the variable of the program of that name points to."""
    try:
        return int(name, 0)
    except ValueError:
        pass
    symbol = elf.symbols.get(name)
    if not symbol:
        raise DeskError(f"{elf.path}: it has no variable {name}; say which "
                        "points to the heap, or the heap's address")
    try:
        data = read(symbol[0], elf.word // 8)
    except Unreadable:
        raise DeskError(f"the variable {name}, at {symbol[0]:#x}, is not in "
                        "this memory") from None
    return int.from_bytes(data, "little" if elf.order == "<" else "big")
