# SPDX-License-Identifier: MIT
"""Bytes over time as a stacked chart, by matplotlib."""

from .errors import DeskError
from .model import TIERS, Heap

SAMPLES = 400
SERIES = 7


def keys_of(by, recording, sites):
    """How a block is told apart, and how that is named."""
    if by == "tier":
        return lambda b: b.tier, lambda tier: TIERS[tier]
    if by == "owner":
        return lambda b: b.owner, recording.owner_name
    return lambda b: b.site, sites.name


def sample(recording, key):
    """(times, [{key: bytes}]) at up to SAMPLES places."""
    heap, sums = Heap(), {}
    times, rows = [], []
    every = max(len(recording.events) // SAMPLES, 1)
    for event in recording.events:
        gone, made = heap.apply(event)
        if gone:
            sums[key(gone)] -= gone.size
        if made:
            sums[key(made)] = sums.get(key(made), 0) + made.size
        if heap.index % every == 0 or heap.index == len(recording.events) - 1:
            times.append(event.time / recording.hz if recording.hz
                         else heap.index)
            rows.append(dict(sums))
    return times, rows


def series(rows, name):
    """[(label, values)], the largest first, the small ones together."""
    keys = {key for row in rows for key in row}
    order = sorted(keys, key=lambda key: (-sum(row.get(key, 0)
                                               for row in rows), str(key)))
    result = [(name(key), [row.get(key, 0) for row in rows])
              for key in order[:SERIES]]
    if len(order) > SERIES:
        rest = order[SERIES:]
        result.append((f"{len(rest)} more", [sum(row.get(key, 0)
                                                 for key in rest)
                                             for row in rows]))
    return result


def write(path, recording, sites, by):
    """Draw bytes over time into path, whose ending says the format."""
    try:
        import matplotlib
    except ImportError:
        raise DeskError("plots need matplotlib (Debian: python3-matplotlib)"
                        ) from None
    matplotlib.use("Agg")
    from matplotlib import pyplot

    key, name = keys_of(by, recording, sites)
    times, rows = sample(recording, key)
    if not rows:
        raise DeskError("the recording is empty: nothing to plot")
    if by == "site":
        sites.prepare({site for row in rows for site in row})
    bands = series(rows, name)
    figure, axes = pyplot.subplots(figsize=(9, 4.5), constrained_layout=True)
    axes.stackplot(times, [values for _, values in bands],
                   labels=[label[:60] for label, _ in bands], step="post")
    axes.set_xlabel("seconds" if recording.hz else "events")
    axes.set_ylabel("live bytes")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", fontsize="small")
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise DeskError(f"{path}: {error}") from None
    pyplot.close(figure)
