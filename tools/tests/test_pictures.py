# SPDX-License-Identifier: MIT
"""Pictures: what is in them, and that they are well-formed."""

import io
import json
import re
import unittest
import xml.dom.minidom

from desk import page, picture, recording, svg, symbols
from desk.colours import PALETTE, groups
from encode import Encoder, FREE, MALLOC, sample

SITES = symbols.Sites(symbols.NoSymbols())


def drawn(code):
    record = recording.decode(code.bytes(), "test")
    return picture.of_recording(record, SITES, "a <b> & c")


class Pictures(unittest.TestCase):

    def test_lifetimes(self):
        heap = drawn(sample())
        self.assertEqual([(b.start, b.asked, b.size) for b in heap.at(6)[0]],
                         [(0x300, 200, 200), (0x400, 64, 64)])
        self.assertEqual([b.asked for b in heap.at(1)[0]], [40, 100])
        self.assertEqual(heap.at(0)[0][0].owner, 0)
        self.assertEqual(heap.at(6)[0][0].owner, 7)
        self.assertEqual(heap.last, 6)

    def test_memory_that_came_later(self):
        code = Encoder().facts().block().note(1, 0x30000000, 8192)
        code.call(MALLOC, 0x30000100, 8).call(MALLOC, 0x40000100, 8)
        code.call(MALLOC, 0x40000200, 12).end()
        self.assertEqual([(start, size) for start, size, _ in
                          drawn(code).spans],
                         [(0, 4096), (0x10000000, 8192),
                          (0x20000100, 0x110)])

    def test_short_lives_are_left_out(self):
        heap = drawn(sample())
        self.assertEqual(heap.worth_showing(4), (heap.blocks, 0))
        blocks, short = heap.worth_showing(3)
        self.assertEqual((len(blocks), short), (3, 2))
        self.assertEqual([block.asked for block in blocks], [40, 200, 64])

    def test_a_part_of_a_recording(self):
        heap = drawn(sample())
        heap.limit(4, 5)
        self.assertEqual([block.asked for block in heap.blocks],
                         [40, 200, 64])
        self.assertEqual((heap.first, heap.last), (4, 5))

    def test_pools_give_blocks_their_size(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 17)
        code.call(FREE, 0x20000100).call(MALLOC, 0x20000100, 9).end()
        heap = drawn(code)
        picture.add_structure(heap, [(0x20000000, 64)], [
            (1, 1, 0x20000100, 256, 24), (2, 0, 0x20000100, 256, 24)],
            [0, 1, 2])
        self.assertEqual([(b.size, b.block) for b in heap.blocks],
                         [(24, 24), (16, 0)])
        self.assertEqual(len(heap.at(0)[1]), 1)
        self.assertEqual(len(heap.at(2)[1]), 0)
        self.assertEqual(heap.at(0)[2][0].size, 64)

    def test_groups_are_sorted_and_coloured(self):
        heap = drawn(sample())
        found = groups(heap, heap.at(6)[0], "tier", 6)
        self.assertEqual([row[0] for row in found.values()], ["mem", "raw"])
        self.assertEqual([row[1] for row in found.values()],
                         list(PALETTE[:2]))
        for by in picture.KEYS:
            self.assertTrue(groups(heap, heap.at(6)[0], by, 6))

    def test_svg(self):
        file = io.StringIO()
        svg.write(file, drawn(sample()), "site", 6)
        document = xml.dom.minidom.parseString(file.getvalue())
        titles = [node.firstChild.data for node in
                  document.getElementsByTagName("title")]
        self.assertIn("0x20000300: 200 bytes, 0x301", titles)
        self.assertIn("a &lt;b&gt; &amp; c", file.getvalue())

    def test_svg_of_a_block_over_several_rows(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 1500).end()
        file = io.StringIO()
        svg.write(file, drawn(code), "class", 0)
        self.assertEqual(file.getvalue().count("<title>0x20000100"), 4)

    def test_page(self):
        file = io.StringIO()
        page.write(file, drawn(sample()))
        data = re.search(r'<script id="data"[^>]*>(.*?)</script>',
                         file.getvalue()).group(1)
        self.assertEqual(json.loads(data)["title"], "a <b> & c")
        self.assertEqual(len(json.loads(data)["blocks"]), 4)
        self.assertNotRegex(file.getvalue(), "@[A-Z]+@")
        self.assertNotRegex(file.getvalue(), 'src="|href="')


if __name__ == "__main__":
    unittest.main()
