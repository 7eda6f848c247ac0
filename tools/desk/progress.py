# SPDX-License-Identifier: MIT
"""A line on the terminal that tells how far a long work is."""

import sys
import time


class Progress:
    """
    One line on stderr, written anew at most five times a second, and only
    where somebody looks: on a terminal, or with always.
    """

    def __init__(self, what, total=None, always=False):
        self.what = what
        self.total = total
        self.shown = always or sys.stderr.isatty()
        self.next = time.monotonic() + 0.5
        self.written = False

    def step(self, done):
        if not self.shown or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + 0.2
        part = f"{100 * done // self.total} %" if self.total else f"{done}"
        sys.stderr.write(f"\r{self.what}: {part} ")
        sys.stderr.flush()
        self.written = True

    def end(self):
        if self.written:
            sys.stderr.write("\r\033[K" if sys.stderr.isatty() else "\n")
            sys.stderr.flush()


def each(items, what, total=None):
    """The items, one by one, with progress every thousand."""
    progress = Progress(what, total)
    for number, item in enumerate(items):
        if number % 1000 == 0:
            progress.step(number)
        yield item
    progress.end()
