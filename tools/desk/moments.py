# SPDX-License-Identifier: MIT
"""The moments that need most memory, and who owns it then."""

from .model import KINDS, Heap, heap_at
from .summary import put_owners

DROP = 0.1	# of the peak: two moments are told apart by less memory between


def worst(events, count):
    """The numbers of the events after which most was live, the worst first."""
    drop = heap_at(events).peak * DROP
    heap, found, rising, low = Heap(), [], True, 0
    top = (0, -1)
    for event in events:
        heap.apply(event)
        if rising and heap.bytes > top[0]:
            top = heap.bytes, heap.index
        elif rising and heap.bytes < top[0] - drop:
            found.append(top)
            rising, low = False, heap.bytes
        elif not rising:
            low = min(low, heap.bytes)
            if heap.bytes > low + drop:
                rising, top = True, (heap.bytes, heap.index)
    if rising and top[0]:
        found.append(top)
    found.sort(key=lambda row: (-row[0], row[1]))
    return [index for _, index in found[:count]]


def put_moments(put, record, sites, count, limit=5):
    for number, index in enumerate(worst(record.events, count), 1):
        heap = heap_at(record.events, index)
        put_owners(put, f"Worst moment {number}: event {index}" +
                   when(record, index) + f", {heap.bytes} bytes live", heap,
                   record, sites, limit)


def when(record, index):
    if not record.hz:
        return ""
    return f" ({record.events[index].time / record.hz:.6f} s)"


def decisive(put, replayer, size, done, record, sites):
    """The call that fails in a region of that size, and what was free then."""
    job = replayer.job
    if size < job.least:
        put(f"  it has no room: at least {job.least} bytes are live at once")
        return
    if not done:
        put("  it is too small for slate's own tables")
        return
    index = job.events[done]
    event = record.events[index]
    put(f"  event {index}{when(record, index)}: {KINDS[event.kind]} of "
        f"{event.size} bytes by {sites.name(event.site)}")
    figures = replayer.stats(size, [done])
    if figures:
        _, (_, live, _, free, largest, overhead) = figures[0]
        put(f"  then {live} bytes are live, {free} free, the largest piece "
            f"{largest}; tables and the like take {overhead}")
