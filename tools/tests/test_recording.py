# SPDX-License-Identifier: MIT
"""The decoder and the model."""

import unittest

from desk import model, recording
from desk.errors import DeskError
from encode import Encoder, FREE, MALLOC, REALLOC, RESIZE, sample


def decoded(code):
    data = code if isinstance(code, bytes) else code.bytes()
    return recording.decode(data, "test")


class Decoding(unittest.TestCase):

    def test_facts(self):
        record = decoded(sample())
        self.assertEqual((record.word, record.granule, record.hz), (32, 8,
                                                                    1000))
        self.assertEqual(record.name, "sample")
        self.assertEqual(record.regions, [(0x20000000, 4096, 0)])
        self.assertEqual(record.options["REGIONS"], 4)
        self.assertEqual(record.owner_name(7), "radio")
        self.assertEqual(record.owner_name(8), "owner 8")
        self.assertEqual(record.warnings, [])

    def test_events(self):
        events = decoded(sample()).events
        self.assertEqual([event.kind for event in events],
                         [model.MALLOC, model.CALLOC, model.MARK,
                          model.REALLOC, model.MALLOC, model.ALIGNED,
                          model.FREE])
        self.assertEqual([event.address for event in events],
                         [0x20000100, 0x20000200, 0, 0x20000300, 0,
                          0x20000400, 0])
        self.assertEqual(events[3].old, 0x20000200)
        self.assertEqual(events[3].owner, 7)
        self.assertEqual(events[2].text, "half")
        self.assertEqual((events[5].align, events[5].tier), (64, 0))
        self.assertEqual(events[6].old, 0x20000100)
        self.assertEqual(events[1].site, (0x301,))
        self.assertEqual([event.time for event in events],
                         [1, 2, 3, 4, 7, 8, 9])

    def test_64_bits_and_no_clock(self):
        code = Encoder(64, 4, False).facts(((0x7f0000000000, 1 << 20, 0),))
        code.block().call(MALLOC, 0x7f0000000100, 1 << 33, site=1 << 47)
        code.call(MALLOC, 0x7f0000000080, 1, site=5).end()
        events = decoded(code).events
        self.assertEqual([event.address for event in events],
                         [0x7f0000000100, 0x7f0000000080])
        self.assertEqual([event.site for event in events], [(1 << 47,), (5,)])
        self.assertEqual(events[0].size, 1 << 33)

    def test_truncated(self):
        data = sample().bytes()
        record = decoded(data[:-9])
        self.assertEqual(len(record.events), 4)
        self.assertIn("cut off", " ".join(record.warnings))

    def test_each_truncation_is_survived(self):
        data = sample().bytes()
        for end in range(len(data)):
            try:
                decoded(data[:end])
            except DeskError as error:
                self.assertIn("no recording", str(error))

    def test_each_damaged_byte_is_seen(self):
        data = sample().bytes()
        for at in range(len(data)):
            bad = bytearray(data)
            bad[at] ^= 0x41
            self.assertTrue(decoded(bytes(bad)).warnings, f"byte {at}")

    def test_garbage_around(self):
        record = decoded(b"SR\1E" + bytes(9) + sample().bytes() + b"noise")
        self.assertEqual(len(record.events), 7)
        self.assertIn("18 bytes are damaged", record.warnings[0])

    def test_a_lost_block_is_a_gap(self):
        code = sample()
        del code.blocks[1]
        record = decoded(code)
        self.assertEqual(record.events[0].kind, model.LOST)
        self.assertEqual(record.events[0].size, 4)
        self.assertIn("4 events are missing", record.warnings[0])

    def test_blocks_of_a_ring_in_any_order(self):
        code = sample()
        code.blocks[1:] = code.blocks[:0:-1]
        self.assertEqual(decoded(code).events[0].kind, model.MALLOC)

    def test_another_version(self):
        code = Encoder(version=9).facts().block().end()
        with self.assertRaisesRegex(DeskError, "version 9"):
            decoded(code)

    def test_no_recording(self):
        with self.assertRaisesRegex(DeskError, "no recording"):
            decoded(b"hello, world")

    def test_without_facts(self):
        code = sample()
        del code.blocks[0]
        self.assertIn("facts is missing", decoded(code).warnings[0])


class Modelling(unittest.TestCase):

    def heap(self, code):
        return model.heap_at(decoded(code).events)

    def test_sums(self):
        heap = self.heap(sample())
        self.assertEqual(sorted(heap.live), [0x20000300, 0x20000400])
        self.assertEqual((heap.bytes, heap.peak, heap.peak_index),
                         (264, 304, 5))
        self.assertEqual((heap.failures, heap.unknown), (1, 0))

    def test_what_was_there_before(self):
        code = Encoder().facts().block().note(5, 0x20000100, 24)
        code.call(FREE, 0x20000100).call(FREE, 0x20000800).end()
        heap = self.heap(code)
        self.assertEqual((len(heap.live), heap.unknown), (0, 1))

    def test_an_address_whose_free_was_lost(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 10)
        code.call(MALLOC, 0x20000100, 30).end()
        self.assertEqual(self.heap(code).bytes, 30)

    def test_a_realloc_that_another_comes_into(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 10)
        code.call(RESIZE, old=0x20000100)
        code.call(MALLOC, 0x20000100, 30)
        code.call(REALLOC, 0x20000200, 50, old=0x20000100).end()
        heap = self.heap(code)
        self.assertEqual({a: b.size for a, b in heap.live.items()},
                         {0x20000100: 30, 0x20000200: 50})
        self.assertEqual(heap.bytes, 80)

    def test_a_realloc_that_begins_and_fails(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 10)
        code.call(RESIZE, old=0x20000100)
        code.call(REALLOC, 0, 5000, old=0x20000100)
        code.call(FREE, 0x20000100).end()
        heap = self.heap(code)
        self.assertEqual((len(heap.live), heap.bytes, heap.failures),
                         (0, 0, 1))


if __name__ == "__main__":
    unittest.main()
