# SPDX-License-Identifier: MIT
"""The search for a size, the job for the replayer, configurations, dumps."""

import os
import tempfile
import unittest

from desk import configs, memory, recording
from desk.errors import DeskError
from desk.replayer import CALL, TOP, Job
from desk.sizing import Search
from encode import Encoder, FREE, MALLOC, REALLOC, RESIZE, sample


class FakeJob:
    granule, least, most = 8, 100, 10000


class FakeReplayer:
    """A program that completes in some sizes and not in others."""

    def __init__(self, works):
        self.job = FakeJob
        self.completes = works

    def first(self, low, high, step, progress):
        for size in range(low, high + 1, step):
            if self.completes(size):
                return size
            if not progress(size):
                return None
        return 0


class Searching(unittest.TestCase):

    def search(self, works, **more):
        return Search(FakeReplayer(works), **more)

    def test_threshold(self):
        for smallest in (104, 112, 560, 9992):
            answer = self.search(lambda size: size >= smallest).run()
            self.assertEqual(answer.smallest, smallest)
            self.assertTrue(answer.all_tried)

    def test_a_smaller_size_far_below(self):
        answer = self.search(lambda size: size >= 5000 or size == 168).run()
        self.assertEqual(answer.smallest, 168)

    def test_no_time(self):
        answer = self.search(lambda size: size >= 5000, seconds=-1).run()
        self.assertEqual((answer.smallest, answer.all_tried), (5000, False))

    def test_a_hint(self):
        for hint in (104, 5000, 9000):
            answer = self.search(lambda size: size >= 5000, hint=hint).run()
            self.assertEqual(answer.smallest, 5000)

    def test_never(self):
        self.assertEqual(self.search(lambda size: False).run().smallest, 0)

    def test_robust(self):
        answer = self.search(lambda size: size >= 1000 and size != 1504).run(
            robust=True)
        self.assertEqual((answer.smallest, answer.robust, answer.robust_to),
                         (1000, 1512, 2000))


def job_of(code):
    return Job(recording.decode(code.bytes(), "test"))


def calls_of(job):
    return [row[:5] for row in CALL.iter_unpack(bytes(job.calls))]


class Jobs(unittest.TestCase):

    def test_calls(self):
        job = job_of(sample())
        self.assertEqual(calls_of(job), [
            (40, 0, 0, 1, 0), (100, 1, 0, 2, 0), (200, 1, 2, 1, 0),
            (64, 2, 1, 0, 6), (40, 0, 3, 1, 0)])
        self.assertEqual(job.events, [0, 1, 3, 5, 6])
        self.assertEqual(job.least, 304)
        self.assertEqual(job.left_out,
                         {"calls that got no memory on the device": 1})

    def test_what_was_there_before(self):
        code = Encoder().facts().block().note(5, 0x20000100, 24)
        code.call(FREE, 0x20000100).call(FREE, 0x20000200)
        code.call(REALLOC, 0x20000300, 8, old=0x20000400).end()
        job = job_of(code)
        self.assertEqual([row[2] for row in calls_of(job)], [0, 3, 0])
        self.assertEqual(sum(job.left_out.values()), 3)

    def test_a_realloc_that_another_comes_into(self):
        code = Encoder().facts().block().call(MALLOC, 0x20000100, 10)
        code.call(RESIZE, old=0x20000100).call(MALLOC, 0x20000100, 30)
        code.call(REALLOC, 0x20000200, 50, old=0x20000100)
        code.call(FREE, 0x20000100).end()
        self.assertEqual([row[:3] for row in calls_of(job_of(code))],
                         [(10, 0, 0), (30, 1, 0), (50, 0, 2), (30, 1, 3)])

    def test_without_regions(self):
        code = sample()
        del code.blocks[0]
        with self.assertRaisesRegex(DeskError, "what memory the heap has"):
            job_of(code)


class Configurations(unittest.TestCase):

    def test_all_are_read(self):
        self.assertIn("tiny", configs.names(TOP))
        self.assertEqual(configs.options(TOP, "default"), {})
        self.assertEqual(configs.options(TOP, "tiny")["POOL"], "0")
        with self.assertRaisesRegex(DeskError, "no configuration huge"):
            configs.options(TOP, "huge")

    def test_flags(self):
        self.assertEqual(configs.flags({"POOL": 0, "CHECK": "4"}),
                         "-DSLATE_CONFIG_CHECK=2 -DSLATE_CONFIG_POOL=0")


class Dumps(unittest.TestCase):

    def test_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a@b")
            with open(path, "wb") as file:
                file.write(bytes(range(16)))
            dump = memory.Dump([f"{path}@0x100", f"{path}@512"])
            self.assertEqual(dump.read(0x104, 2), b"\4\5")
            self.assertEqual(dump.read(514, 1), b"\2")
            for address, size in ((0, 1), (0x10f, 2), (0x110, 1)):
                with self.assertRaises(memory.Unreadable):
                    dump.read(address, size)
            for bad in (path, f"{path}@", f"{path}@x", "@0", f"{path}@-1"):
                with self.assertRaises(DeskError):
                    memory.Dump([bad])


if __name__ == "__main__":
    unittest.main()
