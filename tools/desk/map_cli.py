# SPDX-License-Identifier: MIT
"""slate-map: a picture of a heap."""

import argparse

from . import configs, page, picture, recording, svg, symbols
from .errors import DeskError, open_output
from .summary import index_of

EPILOG = """\
examples:
  slate-map recording app.rec --elf app.elf -o heap.html
  slate-map recording app.rec --elf app.elf --by site --at peak -o heap.svg

A file that ends in .svg is one picture of one moment; .html is a page with a
slider over time, colours by tier, class, age, owner or site, and all that is
known of a block under the mouse. With #at=N&by=KEY behind its name a browser
opens it there.
"""


def parser():
    top = argparse.ArgumentParser(
        prog="slate-map", description="Draws a slate heap: regions and arenas, "
        "pools, blocks, free memory.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = top.add_subparsers(dest="command", required=True,
                                  metavar="COMMAND")
    text = "draw a recording over time"
    one = commands.add_parser("recording", help=text, description=text)
    one.add_argument("recording")
    one.add_argument("--elf", help="the program, for the names of sites")
    one.add_argument("--at", default="peak", help="the moment of an .svg: a "
                     "place as slate-trace diff takes it (peak)")
    one.add_argument("--no-pools", action="store_true", help="leave out pools "
                     "and tables, which a replay finds (it takes a compiler)")
    one.add_argument("--out", default="out/desk", metavar="FOLDER",
                     help="where the replayer is built (out/desk)")
    add_output(one)
    return top


def add_output(one):
    one.add_argument("--by", choices=picture.KEYS, help="what colours mean in "
                     "an .svg (tier where it is known, else class)")
    one.add_argument("-o", "--output", required=True,
                     help="file to write: .svg or .html")


def write(drawn, output, by, moment):
    """A picture into a file, by its ending."""
    if not drawn.spans:
        raise DeskError("there is no memory to draw")
    by = by or drawn.keys[0]
    if by not in drawn.keys:
        raise DeskError(f"--by {by}: that is not known here; there is " +
                        ", ".join(drawn.keys))
    if not output.endswith((".svg", ".html")):
        raise DeskError(f"{output}: ends in neither .svg nor .html")
    with open_output(output) as file:
        if output.endswith(".svg"):
            svg.write(file, drawn, by, moment)
        else:
            page.write(file, drawn)


def of_recording(args):
    record = recording.read(args.recording)
    if not record.regions:
        raise DeskError(f"{args.recording}: it does not say what memory the "
                        "heap has: its first block is lost")
    sites = symbols.Sites(symbols.load(args.elf, record))
    drawn = picture.of_recording(record, sites, record.name or args.recording)
    if not args.no_pools:
        try:
            add_structure(drawn, record, args.out)
        except DeskError as error:
            drawn.notes.append(f"pools and tables are not shown: {error}")
    for note in drawn.notes:
        print(f"slate-map: {note}")
    return drawn, index_of(record, args.at)


def add_structure(drawn, record, out):
    """Pools and tables as a replay has them, if it is one."""
    from .replayer import Job, Replayer, build

    job = Job(record)
    replayer = Replayer(job, build(record.word, configs.flags(record.options),
                                   out))
    size = job.regions[0][1]
    if list(replayer.addresses(size)) != list(job.addresses):
        raise DeskError("a replay here puts blocks elsewhere than the device")
    picture.add_structure(drawn, replayer.tables(size), replayer.pools(size),
                          job.events)


def main():
    args = parser().parse_args()
    drawn, moment = of_recording(args)
    write(drawn, args.output, args.by, moment)
    return 0
