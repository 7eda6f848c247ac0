# SPDX-License-Identifier: MIT
"""
Searches the smallest region in which a recording completes.

A smallest region is no threshold: in a larger one blocks come to lie otherwise,
and it may fail. So there are two answers: the smallest size that completes,
with every smaller one tried, and the size from which none fails any more.
"""

import time

from .progress import Progress

GRANULE_STEPS = 64		# tried below what bisection found
ROBUST_TRIES = 1500


class Answer:
    """
    smallest	bytes; 0 if even most does not do
    all_tried	no smaller size completes: each, by granules, was tried
    robust	from here on to robust_to none fails, in steps of robust_step;
		0 if that was not looked for, or the last one fails
    """

    def __init__(self):
        self.smallest = self.robust = self.robust_to = self.robust_step = 0
        self.all_tried = False


class Search:
    """A search with one replayer, of at most seconds for each long part."""

    def __init__(self, replayer, seconds=60, hint=0):
        self.replayer = replayer
        self.step = replayer.job.granule
        self.least = replayer.job.least
        self.most = replayer.job.most
        self.seconds = seconds
        self.hint = hint

    def works(self, size):
        return self.replayer.completes(size)

    def run(self, thorough=True, robust=False):
        answer = Answer()
        low, high = self._bracket()
        if not high:
            return answer
        answer.smallest = self._descend(self._bisect(low, high))
        if thorough:
            self._try_all(answer)
        if robust:
            self._find_robust(answer)
        return answer

    def _round(self, size):
        return size // self.step * self.step

    def _bracket(self):
        """Sizes (one that fails, one that completes or 0)."""
        low = max(self._round(self.least) - self.step, 0)
        high = self._round(self.hint) or \
            self._round(low + low // 4) + 64 * self.step
        while not self.works(min(high, self.most)):
            if high >= self.most:
                return low, 0
            low, high = high, high * 2
        return low, min(high, self.most)

    def _bisect(self, low, high):
        while high - low > self.step:
            middle = self._round((low + high) // 2)
            if self.works(middle):
                high = middle
            else:
                low = middle
        return high

    def _descend(self, good):
        at = good - self.step
        while at >= self.least and at + GRANULE_STEPS * self.step >= good:
            if self.works(at):
                good = at
            at -= self.step
        return good

    def _try_all(self, answer):
        """Every smaller size that could do, from the smallest on."""
        low = -(-self.least // self.step) * self.step
        end = time.monotonic() + self.seconds
        shown = Progress("trying every smaller size",
                         max(answer.smallest - low, 1))

        def tick(size):
            shown.step(size - low)
            return time.monotonic() < end

        found = self.replayer.first(low, answer.smallest, self.step, tick)
        shown.end()
        if found is not None:
            answer.smallest = found or answer.smallest
            answer.all_tried = True

    def _find_robust(self, answer):
        """Downwards from twice the smallest as long as none fails."""
        top = min(self.most, answer.smallest * 2)
        step = max(self._round((top - answer.smallest) // ROBUST_TRIES),
                   self.step)
        end = time.monotonic() + self.seconds
        shown = Progress("trying larger sizes",
                         max(top - answer.smallest, 1))
        good, at = 0, top
        while at >= answer.smallest and self.works(at):
            shown.step(top - at)
            good, at = at, at - step
            if time.monotonic() > end:
                break
        shown.end()
        answer.robust, answer.robust_to, answer.robust_step = good, top, step
