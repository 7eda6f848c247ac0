# SPDX-License-Identifier: MIT
"""
heaptrack's interpreted text, version 3: every allocation with its backtrace,
for heaptrack_print and heaptrack_gui.

Numbers are hexadecimal, and indices start at 1 in the order of appearance:
"s LENGTH TEXT" a string, "i ADDRESS MODULE FUNCTION FILE LINE" an instruction,
"t INSTRUCTION PARENT" a node of the tree of backtraces, "a SIZE NODE" a kind of
allocation (from 0), "+ KIND" and "- KIND" one made and given back, "c MS" time.
"""

from .model import Heap


class Writer:
    """The tables of what was written already; sites are written innermost
    last, as heaptrack's trees grow from the outermost frame."""

    def __init__(self, file, sites, module):
        self.file = file
        self.sites = sites
        self.strings = {"": 0}
        self.instructions = {}
        self.nodes = {}
        self.kinds = {}
        self.module = self.string(module)

    def string(self, text):
        if text not in self.strings:
            self.strings[text] = len(self.strings)
            size = len(text.encode("utf-8"))
            self.file.write(f"s {size:x} {text}\n")
        return self.strings[text]

    def instruction(self, frame):
        key = (frame.address, frame.function, frame.file, frame.line)
        if key not in self.instructions:
            function = self.string(frame.function)
            path = self.string(frame.file)
            self.instructions[key] = len(self.instructions) + 1
            more = f" {function:x} {path:x} {frame.line:x}" \
                if function or path else ""
            self.file.write(f"i {frame.address:x} {self.module:x}{more}\n")
        return self.instructions[key]

    def node(self, site):
        parent = 0
        for frame in reversed(self.sites.frames(site)):
            key = (self.instruction(frame), parent)
            if key not in self.nodes:
                self.nodes[key] = len(self.nodes) + 1
                self.file.write(f"t {key[0]:x} {parent:x}\n")
            parent = self.nodes[key]
        return parent

    def kind(self, block):
        key = (block.size, block.site)
        if key not in self.kinds:
            node = self.node(block.site)
            self.kinds[key] = len(self.kinds)
            self.file.write(f"a {block.size:x} {node:x}\n")
        return self.kinds[key]


def write(file, recording, sites, name):
    """Write the whole file; name: what was recorded."""
    file.write(f"v 10400 3\nX {name}\nI 1000 0\n")
    writer = Writer(file, sites, name)
    heap, last = Heap(), -1
    for event in recording.events:
        now = event.time * 1000 // recording.hz if recording.hz else heap.index
        if now != last:
            file.write(f"c {max(now, 0):x}\n")
            last = now
        gone, made = heap.apply(event)
        if gone:
            file.write(f"- {writer.kind(gone):x}\n")
        if made:
            file.write(f"+ {writer.kind(made):x}\n")
