# SPDX-License-Identifier: MIT
"""slate-trace: what a recording says, as text and for other viewers."""

import argparse

from . import collapsed, heaptrack, massif, plot, recording, summary, symbols
from .errors import DeskError, open_output

EPILOG = """\
examples:
  slate-trace summary app.rec --elf app.elf
  slate-trace leaks app.rec --elf app.elf
  slate-trace diff app.rec --elf app.elf before after
  slate-trace massif app.rec --elf app.elf -o massif.out; ms_print massif.out
  slate-trace heaptrack app.rec -o app.heaptrack; heaptrack_print app.heaptrack
  slate-trace collapsed app.rec --weight peak -o app.folded
  slate-trace plot app.rec --by owner -o app.svg

A place for diff is start, end, peak, @N for event number N, or the number or
the name of a mark (slate_record_mark()).
"""


def parser():
    top = argparse.ArgumentParser(
        prog="slate-trace", description="Decodes a recording of a slate heap.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True,
                                  metavar="COMMAND")

    def add(name, text, output=True):
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument("recording", help="a recording, or a dump of the "
                         "memory that it lies in")
        one.add_argument("--elf", help="the program that was recorded, for "
                         "the names of call sites")
        if output:
            one.add_argument("-o", "--output", required=name == "plot",
                             default="-", help="file to write; stdout if not "
                             "given")
        return one

    for name, text in (("summary", "counts, the peak and who owned it"),
                       ("leaks", "what is live at the end, by site"),
                       ("diff", "what changed between two places, by site")):
        one = add(name, text, False)
        one.add_argument("--limit", type=int, default=20,
                         help="rows of a table (20)")
        if name == "diff":
            one.add_argument("first", help="a place; see slate-trace --help")
            one.add_argument("second", help="another, usually later")
    add("massif", "massif.out, for ms_print and massif-visualizer")
    add("heaptrack", "heaptrack's text, for heaptrack_print and _gui")
    one = add("collapsed", "collapsed stacks, for speedscope and flame graphs")
    one.add_argument("--weight", choices=collapsed.WEIGHTS, default="peak",
                     help="what the width of a frame is (peak)")
    one = add("plot", "a chart of live bytes over time (svg, png, pdf)")
    one.add_argument("--by", choices=("site", "tier", "owner"), default="site")
    return top


def put(text):
    print(text)


def main():
    args = parser().parse_args()
    record = recording.read(args.recording)
    sites = symbols.Sites(symbols.load(args.elf, record))
    if args.command == "summary":
        summary.put_summary(put, record, sites, args.limit)
    elif args.command == "leaks":
        summary.put_leaks(put, record, sites, args.limit)
    elif args.command == "diff":
        summary.put_difference(put, record, sites, args.first, args.second,
                               args.limit)
    elif not record.events:
        raise DeskError(f"{args.recording}: it has no events")
    elif args.command == "plot":
        plot.write(args.output, record, sites, args.by)
    else:
        sites.prepare({event.site for event in record.events})
        write(args, record, sites)
    return 0


def write(args, record, sites):
    name = args.elf or record.name or args.recording
    with open_output(args.output) as file:
        if args.command == "massif":
            massif.write(file, record, sites, name)
        elif args.command == "heaptrack":
            heaptrack.write(file, record, sites, name)
        else:
            collapsed.write(file, record, sites, args.weight)
