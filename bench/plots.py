# SPDX-License-Identifier: MIT
"""Plots of the results, as SVG; the same results give the same bytes."""

import os

import matplotlib
matplotlib.use("svg")
import matplotlib.pyplot as plt		# noqa: E402

matplotlib.rcParams["svg.hashsalt"] = "slate"
matplotlib.rcParams["font.size"] = 9
COLOURS = ["#1f4e79", "#6fa8dc", "#e69138", "#6aa84f", "#a64d79", "#999999"]


def save(figure, folder, name):
    path = os.path.join(folder, name)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path


def bars(axes, labels, series):
    """Groups of bars: series is {name: [value for each label]}."""
    width = 0.8 / len(series)
    for at, (name, values) in enumerate(series.items()):
        places = [x + (at - (len(series) - 1) / 2) * width
                  for x in range(len(labels))]
        axes.bar(places, values, width, label=name,
                 color=COLOURS[at % len(COLOURS)])
    axes.set_xticks(range(len(labels)))
    axes.set_xticklabels(labels, rotation=40, ha="right")
    axes.legend()


def heaps(results, folder):
    found = results["heaps"]
    traces = list(next(iter(found.values())))
    figure, axes = plt.subplots(figsize=(max(7, len(traces) * 0.6), 4))
    bars(axes, traces, {name: [rows[trace]["smallest"] / rows[trace]["peak"]
                               for trace in traces]
                        for name, rows in found.items()})
    axes.set_ylim(bottom=1)
    axes.axhline(1.25, color="black", linewidth=0.5, linestyle=":")
    axes.set_ylabel("smallest heap / peak of live bytes")
    return save(figure, folder, "heaps.svg")


def counts(results, folder):
    found = {name: rows["2.0"]["all"] for name, rows
             in results["counts"].items() if "cortex-m3 -O2" in name}
    figure, plots = plt.subplots(1, 2, figsize=(9, 4))
    for axes, call in zip(plots, ("malloc", "free")):
        rows = {name.split()[0]: row[call] for name, row in found.items()
                if call in row}
        bars(axes, list(rows), {key: [row[key] for row in rows.values()]
                                for key in ("mean", "p99.9", "max")})
        axes.set_yscale("log")
        axes.set_title(f"instructions of {call}, heap of 2 x peak")
    return save(figure, folder, "instructions.svg")


def worst(results, folder):
    figure, plots = plt.subplots(1, 2, figsize=(9, 4))
    for axes, call in zip(plots, ("malloc", "free")):
        for at, (name, fillings) in enumerate(results["worst"].items()):
            labels = list(next(iter(fillings.values())))
            tops = [max(row[label][call] for row in fillings.values())
                    for label in labels]
            axes.plot(labels, tops, marker="o", label=name,
                      color=COLOURS[at % len(COLOURS)])
        axes.set_yscale("log")
        axes.set_xlabel("bytes of heap")
        axes.set_title(f"most instructions of one {call}")
        axes.legend()
    return save(figure, folder, "worst.svg")


def times(results, folder):
    found = results["times"]
    peers = [name for name in next(iter(found.values())) if name != "slate"]
    figure, plots = plt.subplots(1, 2, figsize=(10, 4))
    for axes, key, title in zip(plots, ("ratio", "memory"),
                                ("time", "peak of memory")):
        bars(axes, list(found), {peer: [row[peer][key]
                                        for row in found.values()]
                                 for peer in peers})
        axes.axhline(1, color="black", linewidth=0.5)
        axes.set_title(f"{title}: slate / peer")
    return save(figure, folder, "times.svg")


def draw(results, folder):
    """Writes the plots; their paths."""
    wanted = [heaps, counts, worst] + ([times] if results.get("times") else [])
    return [plot(results, folder) for plot in wanted]
