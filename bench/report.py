#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Tables of the results that bench.py wrote. "report.py README" replaces what is
between the two markers in the README, and puts the plots beside it.
"""

import json
import os
import shutil
import sys

import hosted
import size

BEGIN = "<!-- figures: begin, written by make bench-readme -->"
END = "<!-- figures: end -->"
CALLS = ("malloc", "calloc", "realloc", "free")


def table(head, rows):
    """A table that is readable as text and is Markdown too."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) if at == 0 else
                               cell.rjust(width) for at, (cell, width)
                               in enumerate(zip(row, widths))) + " |"
             for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) if at == 0 else
                                   "-" * (width + 1) + ":"
                                   for at, width in enumerate(widths)) + "|")
    return "\n".join(lines)


def ratio(row, key="smallest"):
    if key not in row:
        return ""
    if not row[key]:
        return "none"
    text = f"{row[key] / row['peak']:.3f}"
    return text + ("*" if row[key] > 1.25 * row["peak"] else "")


def heaps(results):
    found = results["heaps"]
    names = list(found)
    columns = [(name, key) for name in names for key in ("smallest", "robust")
               if key in next(iter(found[name].values()))]
    head = ["trace", *[name if key == "smallest" else f"{name} robust"
                       for name, key in columns]]
    rows = [[trace, *[ratio(found[name][trace], key)
                      for name, key in columns]]
            for trace in found[names[0]]]
    means = [hosted.geometric_mean(found[name], key) for name, key in columns]
    rows.append(["**geometric mean**",
                 *[f"**{mean:.3f}**" if mean else "" for mean in means]])
    rows.append(["complete at 1.25 x peak",
                 *[sum(0 < row.get(key, 0) <= 1.25 * row["peak"]
                       for row in found[name].values())
                   for name, key in columns]])
    return ("Smallest heap / peak of live bytes, all tables and headers "
            "counted (`*`: above 1.25; robust: and no larger heap up to 2 x "
            "peak fails):\n\n" + table(head, rows))


def call_cell(call):
    return f"{call['mean']:.1f} / {call['p99.9']} / {call['max']}" if call \
        else ""


def counts(results):
    rows = []
    for factor in ("1.25", "2.0"):
        for name, found in results["counts"].items():
            done = f"{found[factor]['done']}/{len(found[factor]['traces'])}"
            rows.append([f"{name}, {factor} x peak", done,
                         *[call_cell(found[factor]["all"].get(call))
                           for call in CALLS]])
    return ("Instructions (not cycles) a call in QEMU, mean / 99.9th "
            "percentile / maximum over the traces that complete; copying and "
            "clearing of the caller's bytes left out:\n\n" +
            table(["allocator", "completes", *CALLS], rows))


def worst(results):
    rows = []
    for name, fillings in results["worst"].items():
        for heap in next(iter(fillings.values())):
            top = {kind: max(row[heap][kind] for row in fillings.values())
                   for kind in (*CALLS, "fails")}
            rows.append([f"{name}, {heap}B", *top.values()])
    return ("Most instructions of one call on Cortex-M3 at -O2 in fillings "
            "made to be expensive, by size of heap; worst found, not "
            "proved (fails: a call that returns NULL):\n\n" +
            table(["allocator, heap", *CALLS, "fails"], rows))


def sizes(results):
    rows = []
    for row in results["sizes"]:
        stack = [row["stack"].get(call, "") for call in size.CALLS]
        rows.append([f"{row['config']}, {row['cpu']} {row['opt']}",
                     row["code"] + row["libgcc"], row["ram"],
                     " / ".join(map(str, stack[:4])),
                     " / ".join(map(str, stack[4:]))])
    return ("Bytes of code (create, malloc, calloc, realloc, free, with what "
            "libgcc adds), static data, and deepest stack of malloc / calloc "
            "/ realloc / free:\n\n" +
            table(["configuration", "code", "data", "stack raw", "stack obj"],
                  rows))


def control(results):
    rows = [[config, region, overhead, own, f"{share / region:.2f}"]
            for config, lines in results["control"].items()
            for region, overhead, own, share in lines]
    return ("Bytes that slate keeps of a region, 32-bit, how many of them are "
            "neither side bits nor pool table, and the share that can be "
            "handed out in blocks of 16; each first line is the smallest "
            "region of which half can be:\n\n" +
            table(["configuration", "region", "overhead", "control",
                   "handed out"], rows))


def times(results):
    found = results.get("times")
    if not found:
        return "No times: no trace of a 64-bit program was given."
    peers = [name for name in next(iter(found.values())) if name != "slate"]
    rows = [[trace, f"{row['slate']['ns']:.1f}",
             *[f"{row[peer]['ratio']:.2f} / {row[peer]['memory']:.2f}"
               for peer in peers]] for trace, row in found.items()]
    means = [[hosted.mean_log(row[peer][key] for row in found.values())
              for key in ("ratio", "memory")] for peer in peers]
    rows.append(["**geometric mean**", "",
                 *[f"**{ratio:.2f} / {memory:.2f}**"
                   for ratio, memory in means]])
    return ("On a 64-bit host, one thread: slate's time / peer's time, and "
            "slate's peak of resident memory / peer's; medians of ratios "
            "paired in one run:\n\n" +
            table(["trace", "slate, ns a call", *peers], rows))


def text(results):
    head = f"{results['compiler']}; host {results['host']}." + \
        (" QUICK: fewer measurements." if results["quick"] else "")
    parts = [heaps, counts, worst, sizes, control, times]
    return "\n\n".join([head, *[part(results) for part in parts]])


def replace(readme, results, plots):
    with open(readme, encoding="utf-8") as file:
        old = file.read()
    if BEGIN not in old or END not in old.split(BEGIN, 1)[1]:
        sys.exit(f"{readme}: no lines\n{BEGIN}\n{END}\nto put the figures "
                 "between")
    images = "\n".join(f"![{os.path.basename(plot)}]({plot})"
                       for plot in plots)
    before, rest = old.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(readme, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n\n{text(results)}\n\n{images}\n\n"
                   f"{END}{after}")


def main():
    folder = os.path.join(os.environ.get("O") or "out", "bench")
    try:
        with open(os.path.join(folder, "results.json"),
                  encoding="utf-8") as file:
            results = json.load(file)
    except OSError as error:
        sys.exit(f"{error}; make bench writes it")
    if len(sys.argv) < 2:
        print(text(results))
        return
    os.makedirs("bench/plots", exist_ok=True)
    plots = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".svg"):
            shutil.copy(os.path.join(folder, name), "bench/plots")
            plots.append(f"bench/plots/{name}")
    replace(sys.argv[1], results, plots)


if __name__ == "__main__":
    main()
