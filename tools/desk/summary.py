# SPDX-License-Identifier: MIT
"""What a recording says, as text for people."""

from .errors import DeskError
from .model import KINDS, MARK, TIERS, group, heap_at


def amount(size):
    """Bytes for people: exact below 10 KiB, else with one decimal."""
    if abs(size) < 10240:
        return f"{size} B"
    for unit in ("KiB", "MiB", "GiB"):
        size /= 1024
        if abs(size) < 10240:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:.1f} TiB"


def put_table(put, title, rows, total, name, limit):
    """rows: [(key, bytes, blocks)]; name: the key as text."""
    put(f"\n{title}")
    put(f"  {'bytes':>10} {'share':>6} {'blocks':>8}  of")
    for key, size, count in rows[:limit]:
        share = f"{100 * size / total:.1f}%" if total else ""
        put(f"  {size:10} {share:>6} {count:8}  {name(key)}")
    if len(rows) > limit:
        rest = rows[limit:]
        size = sum(row[1] for row in rest)
        put(f"  {size:10} {100 * size / max(total, 1):5.1f}% "
            f"{sum(row[2] for row in rest):8}  {len(rest)} more")


def put_head(put, recording, end):
    if recording.name:
        put(recording.name)
    put(f"recorded by a program of {recording.word} bits, granule "
        f"{recording.granule}")
    for base, size, _ in recording.regions:
        put(f"region      {size} bytes at {base:#x}")
    for warning in recording.warnings:
        put(f"warning: {warning}")
    counted = ", ".join(f"{count} {kind}" for kind, count in
                        zip(KINDS, end.counts) if count)
    put(f"events      {len(recording.events)}: {counted}")
    if recording.hz and recording.events:
        put(f"time        {recording.events[-1].time / recording.hz:.6f} s")
    put(f"asked for   {amount(end.total)} in all")
    put(f"peak        {end.peak} bytes, at event {end.peak_index}")
    put(f"at the end  {end.bytes} bytes in {len(end.live)} blocks")
    if end.failures:
        put(f"failed      {end.failures} calls got no memory")
    if end.unknown:
        put(f"unknown     {end.unknown} blocks were given back that were made "
            "before the recording")
    if end.lost:
        put(f"lost        {end.lost} events that the recorder could not keep")


def put_owners(put, title, heap, recording, sites, limit):
    """Who owns what is live: by tier, by owner, by site."""
    blocks = heap.live.values()
    sites.prepare({block.site for block in blocks})
    put_table(put, f"{title}, by tier", group(blocks, lambda b: b.tier),
              heap.bytes, lambda tier: TIERS[tier], limit)
    owners = group(blocks, lambda b: b.owner)
    if len(owners) > 1 or owners and owners[0][0]:
        put_table(put, f"{title}, by owner", owners, heap.bytes,
                  recording.owner_name, limit)
    put_table(put, f"{title}, by site", group(blocks, lambda b: b.site),
              heap.bytes, sites.name, limit)


def put_summary(put, recording, sites, limit):
    end = heap_at(recording.events)
    put_head(put, recording, end)
    if end.peak:
        peak = heap_at(recording.events, end.peak_index)
        put_owners(put, "At the peak", peak, recording, sites, limit)
    marks = [event for event in recording.events if event.kind == MARK]
    if marks:
        put("\nMarks: " + ", ".join(f"{number} {event.text!r}" for
                                   number, event in enumerate(marks)))


def put_leaks(put, recording, sites, limit):
    """What was made in the recording and is live at its end."""
    end = heap_at(recording.events)
    for warning in recording.warnings:
        put(f"warning: {warning}")
    put(f"{end.bytes} bytes in {len(end.live)} blocks are live at the end")
    if end.live:
        put_owners(put, "Live at the end", end, recording, sites,
                   limit)


def index_of(recording, place):
    """
    The event that a place names: "start", "end", "peak", "@N" event number N,
    or a mark, by its number from 0 or by its name (the first of that name).
    """
    if place == "start":
        return -1
    if place == "end":
        return len(recording.events) - 1
    if place == "peak":
        return heap_at(recording.events).peak_index
    if place.startswith("@") and place[1:].isdecimal():
        if int(place[1:]) >= len(recording.events):
            raise DeskError(f"event {place}: there are only "
                            f"{len(recording.events)}")
        return int(place[1:])
    marks = [(index, event) for index, event in enumerate(recording.events)
             if event.kind == MARK]
    if place.isdecimal() and int(place) < len(marks):
        return marks[int(place)][0]
    for index, event in marks:
        if event.text == place:
            return index
    raise DeskError(f"{place}: neither start, end, peak, @EVENT, nor the "
                    f"number or name of one of its {len(marks)} marks")


def difference(old, new):
    """[(site, bytes, bytes more, blocks, blocks more)], sorted as tracemalloc
    does."""
    before = {row[0]: row for row in group(old.live.values(),
                                           lambda b: b.site)}
    after = {row[0]: row for row in group(new.live.values(),
                                          lambda b: b.site)}
    rows = []
    for site in before.keys() | after.keys():
        _, size, count = after.get(site, (site, 0, 0))
        _, old_size, old_count = before.get(site, (site, 0, 0))
        if size != old_size or count != old_count:
            rows.append((site, size, size - old_size, count,
                         count - old_count))
    return sorted(rows, key=lambda r: (-abs(r[2]), -r[1], -abs(r[4]), -r[3],
                                       str(r[0])))


def put_difference(put, recording, sites, first, second, limit):
    """What changed between two places in the recording, by site."""
    old = heap_at(recording.events, index_of(recording, first))
    new = heap_at(recording.events, index_of(recording, second))
    rows = difference(old, new)
    sites.prepare({row[0] for row in rows})
    put(f"from {first} (event {old.index}, {old.bytes} bytes) to {second} "
        f"(event {new.index}, {new.bytes} bytes): "
        f"{new.bytes - old.bytes:+} bytes, "
        f"{len(new.live) - len(old.live):+} blocks")
    put(f"  {'bytes':>10} {'more':>10} {'blocks':>8} {'more':>8}  of")
    for site, size, more, count, more_count in rows[:limit]:
        put(f"  {size:10} {more:+10} {count:8} {more_count:+8}  "
            f"{sites.name(site)}")
    if len(rows) > limit:
        put(f"  {len(rows) - limit} more sites changed")
