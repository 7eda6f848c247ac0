# SPDX-License-Identifier: MIT
"""What the tools write: text, and files for other viewers."""

import io
import os
import subprocess
import tempfile
import unittest

from desk import collapsed, heaptrack, massif, recording, summary, symbols
from desk.errors import DeskError
from desk.moments import worst
from encode import Encoder, FREE, MALLOC, sample

SITES = symbols.Sites(symbols.NoSymbols())


def decoded(code):
    return recording.decode(code.bytes(), "test")


def text_of(put, *args):
    lines = []
    put(lines.append, *args)
    return "\n".join(lines)


def shown_by(viewer, write, *args):
    """What a viewer prints of a file that write() makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file")
        with open(path, "w", encoding="utf-8") as file:
            write(file, decoded(sample()), SITES, *args)
        done = subprocess.run([viewer, path], capture_output=True, text=True,
                              check=True)
        return done.stdout + done.stderr


class Text(unittest.TestCase):

    def test_summary(self):
        text = text_of(summary.put_summary, decoded(sample()), SITES, 10)
        self.assertIn("peak        304 bytes, at event 5", text)
        self.assertIn("1 calls got no memory", text)
        self.assertIn("radio", text)
        self.assertRegex(text, r"200 +65.8% +1 +0x301")
        self.assertIn("0 'half'", text)

    def test_leaks(self):
        text = text_of(summary.put_leaks, decoded(sample()), SITES, 10)
        self.assertIn("264 bytes in 2 blocks", text)
        self.assertRegex(text, r"64 +24.2% +1 +0x401")
        self.assertNotIn("0x201", text)

    def test_difference(self):
        for place in ("half", "0", "@2"):
            text = text_of(summary.put_difference, decoded(sample()), SITES,
                           place, "end", 10)
            self.assertIn("+124 bytes, +0 blocks", text)
            self.assertRegex(text, r"200 +\+100 +1 +\+0  0x301")
            self.assertRegex(text, r"0 +-40 +0 +-1  0x201")

    def test_places_that_are_none(self):
        record = decoded(sample())
        for place in ("1", "@99", "noon", "@", ""):
            with self.assertRaises(DeskError):
                summary.index_of(record, place)

    def test_worst_moments(self):
        code = Encoder().facts().block()
        for at, size in enumerate((100, 50, 10), 1):
            code.call(MALLOC, 0x20000000 + 256 * at, size)
            code.call(FREE, 0x20000000 + 256 * at)
        record = decoded(code.end())
        self.assertEqual(worst(record.events, 9), [0, 2])
        self.assertEqual(worst(record.events, 1), [0])


class Viewers(unittest.TestCase):

    def test_massif(self):
        text = shown_by("ms_print", massif.write, "sample")
        self.assertIn("(peak)", text)
        self.assertRegex(text, r"65.79% \(200B\) 0x301")

    def test_heaptrack(self):
        text = shown_by("heaptrack_print", heaptrack.write, "sample")
        self.assertIn("peak heap memory consumption: 304B", text)
        self.assertIn("total memory leaked: 264B", text)
        self.assertIn("calls to allocation functions: 4", text)

    def test_collapsed(self):
        expected = {"leaked": "0x301 200\n0x401 64\n",
                    "peak": "0x201 40\n0x301 200\n0x401 64\n",
                    "bytes": "0x201 40\n0x301 300\n0x401 64\n",
                    "calls": "0x201 1\n0x301 2\n0x401 1\n"}
        for weight in collapsed.WEIGHTS:
            file = io.StringIO()
            collapsed.write(file, decoded(sample()), SITES, weight)
            self.assertEqual(file.getvalue(), expected[weight])


if __name__ == "__main__":
    unittest.main()
