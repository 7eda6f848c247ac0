# SPDX-License-Identifier: MIT
"""slate-map: a picture of a heap."""

import argparse
import os
import subprocess

from . import configs, memory, page, picture, recording, svg, symbols
from .elf import Elf
from .errors import DeskError, open_output
from .reader import Reader
from .replayer import Job, Replayer, build
from .summary import index_of

EPILOG = """\
examples:
  slate-map recording app.rec --elf app.elf -o heap.html
  slate-map recording app.rec --elf app.elf --by site --at peak -o heap.svg
  slate-map dump ram.bin@0x20000000 --elf app.elf --heap heap -o heap.html
  slate-map live :1234 --elf app.elf -o heap.svg

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
    one.add_argument("--from", default="start", dest="first", help="what comes "
                     "before this place is left out (start)")
    one.add_argument("--to", default="end", dest="last", help="what comes "
                     "after this place is left out (end)")
    one.add_argument("--no-pools", action="store_true", help="leave out pools "
                     "and tables, which a replay finds (it takes a compiler)")
    one.add_argument("--out", default="out/desk", metavar="FOLDER",
                     help="where the replayer is built (out/desk)")
    add_output(one)
    text = "draw a heap in a dump of memory"
    one = commands.add_parser("dump", help=text, description=text)
    one.add_argument("dump", nargs="+", metavar="FILE@ADDRESS",
                     help="memory, and where it was")
    add_program(one)
    text = "draw a heap of a program that gdb can reach, in QEMU or on a board"
    one = commands.add_parser("live", help=text, description=text)
    one.add_argument("target", help="what gdb's \"target remote\" takes, such "
                     "as :1234")
    one.add_argument("--gdb", default="gdb-multiarch", metavar="PROGRAM")
    add_program(one)
    return top


def add_program(one):
    one.add_argument("--elf", required=True, help="the program")
    one.add_argument("--heap", default="heap", help="the heap's address, or "
                     "the variable that points to it (heap)")
    one.add_argument("--out", default="out/desk", metavar="FOLDER",
                     help="where the reader is built (out/desk)")
    add_output(one)


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
    drawn.limit(index_of(record, args.first), index_of(record, args.last))
    return drawn, index_of(record, args.at)


def add_structure(drawn, record, out):
    """Pools and tables as a replay has them, if it is one."""
    job = Job(record)
    replayer = Replayer(job, build(record.word, configs.flags(record.options),
                                   out))
    size = job.regions[0][1]
    if list(replayer.addresses(size)) != list(job.addresses):
        raise DeskError("a replay here puts blocks elsewhere than the device")
    picture.add_structure(drawn, replayer.tables(size), replayer.pools(size),
                          job.events)


def of_dump(args):
    elf = Elf(args.elf)
    reading = Reader(elf, memory.Dump(args.dump).read, args.out)
    heap = memory.pointer(args.heap, elf, reading.read)
    if not heap:
        raise DeskError(f"{args.heap} is NULL: there is no heap yet")
    return picture.of_memory(reading, heap,
                             symbols.Sites(symbols.Symbols(elf)),
                             f"heap at {heap:#x}")


def of_live(args):
    """gdb runs the command "slate map"."""
    if not args.output.endswith((".svg", ".html")):
        raise DeskError(f"{args.output}: ends in neither .svg nor .html")
    script = os.path.join(os.path.dirname(os.path.dirname(
        os.path.abspath(__file__))), "slate-gdb.py")
    words = [args.gdb, "-batch", "-nx", "-ex", f"target remote {args.target}",
             "-ex", f"source {script}", "-ex",
             f"slate map {args.output} {args.heap}", "-ex",
             "detach", args.elf]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise DeskError(f"{args.gdb}: {error.strerror}") from None
    wrong = [line for line in done.stderr.splitlines()
             if line.startswith("slate: ") or args.target in line]
    if wrong:
        raise DeskError(wrong[-1].removeprefix("slate: "))


def main():
    args = parser().parse_args()
    if args.command == "live":
        of_live(args)
    elif args.command == "dump":
        write(of_dump(args), args.output, args.by, 0)
    else:
        drawn, moment = of_recording(args)
        write(drawn, args.output, args.by, moment)
    return 0
