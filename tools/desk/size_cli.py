# SPDX-License-Identifier: MIT
"""slate-size: how big must my heap be?"""

import argparse

from . import configs, recording, symbols
from .advice import put_configs, write_header
from .errors import DeskError
from .model import ARENA, ARENA_GONE
from .moments import decisive, put_moments
from .replayer import Job, Replayer, build
from .sizing import Search

EPILOG = """\
It runs the recorded calls through slate itself, built here for the same word
size, at the addresses of the device: so it needs the source checkout that it
lies in, gcc (with -m32 for a 32-bit device) and make.

examples:
  slate-size app.rec --elf app.elf
  slate-size app.rec --size 24k
  slate-size app.rec --header my_config.h
"""


def parser():
    one = argparse.ArgumentParser(
        prog="slate-size", description="The smallest region in which what was "
        "recorded completes, the margin of a given one, the moments that need "
        "most and who owned the memory then, what other configurations need.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    one.add_argument("recording")
    one.add_argument("--elf", help="the program that was recorded, for the "
                     "names of call sites")
    one.add_argument("--size", type=size, action="append", default=[],
                     metavar="BYTES", help="say what margin a region of this "
                     "size has, or what fails in it, and then end with status "
                     "1; may be given again")
    one.add_argument("--region", type=int, default=0, metavar="N",
                     help="vary region N of several (0)")
    one.add_argument("--configs", default="", metavar="NAMES",
                     help="configurations to compare, separated by commas; "
                     "\"none\" for none (all of configs/)")
    one.add_argument("--robust", action="store_true",
                     help="also the size from which no larger one fails; slow")
    one.add_argument("--header", metavar="FILE", help="write the "
                     "configuration header that is recommended")
    one.add_argument("--seconds", type=int, default=60,
                     help="most that each long part of the search takes (60)")
    one.add_argument("--moments", type=int, default=3, metavar="N",
                     help="how many of the worst moments to show (3)")
    one.add_argument("--out", default="out/desk", metavar="FOLDER",
                     help="where programs are built (out/desk)")
    return one


def size(text):
    """24576, 0x6000, 24k or 1M as bytes."""
    unit = {"k": 1024, "m": 1024 * 1024}.get(text[-1:].lower(), 1)
    try:
        number = int(text[:-1] if unit > 1 else text, 0) * unit
    except ValueError:
        number = 0
    if number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is no number of bytes")
    return number


def put_head(record, job):
    print(f"{record.name or 'recording'}: {len(job.events)} calls of a program "
          f"of {record.word} bits")
    for number, (base, length, _) in enumerate(record.regions):
        print(f"region {number}: {length} bytes at {base:#x}")
    for warning in record.warnings:
        print(f"warning: {warning}")
    for why, count in job.left_out.items():
        print(f"warning: {count} {why}")
    if any(event.kind in (ARENA, ARENA_GONE) for event in record.events):
        print("warning: memory came or went while it ran; the replay has what "
              "there was at the beginning")


def put_fidelity(replayer):
    """Does a replay in the recorded regions give the recorded addresses?"""
    job = replayer.job
    recorded = job.regions[job.varied][1]
    found = replayer.addresses(recorded)
    same = 0
    for mine, theirs in zip(found, job.addresses):
        if mine != theirs:
            break
        same += 1
    if same == len(job.addresses):
        print("replayed in the recorded size: every block lies where it lay "
              "on the device")
    else:
        print(f"warning: replayed in the recorded size, the first {same} of "
              f"{len(job.addresses)} calls give what they gave on the device, "
              "then others: the device has another version of slate or debug "
              "hooks, or something else uses the heap")


def put_answer(answer, args):
    print(f"\nSmallest region: {answer.smallest} bytes" +
          ("" if answer.all_tried else ", as far as was tried"))
    if answer.all_tried:
        print("  no smaller one completes: all were tried, granule by granule")
    if args.robust and answer.robust:
        print(f"  from {answer.robust} to {answer.robust_to} bytes none fails, "
              f"tried in steps of {answer.robust_step}")
    print("  exact for a program whose requests do not depend on the size of "
          "its heap;\n  an upper bound for one that collects, or drops "
          "caches, when memory is short\n  (Lua and other interpreters): it "
          "may do with less")


def put_smaller(replayer, answer, record, sites):
    """What makes it that large."""
    below = answer.smallest - replayer.job.granule
    print(f"  in {below} bytes the first call to fail is:")
    decisive(print, replayer, below, replayer.calls(below)[0], record, sites)


def put_margin(replayer, answer, record, sites, bytes_given):
    """How a region of some size does; does it do at all?"""
    job = replayer.job
    done = replayer.calls(bytes_given)[0]
    if done < len(job.events):
        print(f"\nA region of {bytes_given} bytes fails:")
        decisive(print, replayer, bytes_given, done, record, sites)
        return False
    more = bytes_given - answer.smallest
    print(f"\nA region of {bytes_given} bytes completes, with a margin of "
          f"{more} bytes ({100 * more / answer.smallest:.1f} %)")
    every = max(len(job.events) // 2000, 1)
    rows = replayer.stats(bytes_given, range(0, len(job.events) + 1, every))
    call, figures = min(rows, key=lambda row: row[1][4])
    print(f"  least largest free block: {figures[4]} bytes of {figures[3]} "
          f"free, after call {call}" +
          (f" (looked at every {every} calls)" if every > 1 else ""))
    return True


def main():
    args = parser().parse_args()
    record = recording.read(args.recording)
    sites = symbols.Sites(symbols.load(args.elf, record))
    sites.prepare({event.site for event in record.events})
    job = Job(record, args.region)
    if not job.events:
        raise DeskError(f"{args.recording}: it has no calls")
    job.most = max(job.most, job.least * 8 + 65536, *args.size, 0)
    device = configs.flags(record.options)
    replayer = Replayer(job, build(record.word, device, args.out))
    put_head(record, job)
    put_fidelity(replayer)
    answer = Search(replayer, args.seconds).run(True, args.robust)
    if not answer.smallest:
        raise DeskError(f"it does not complete even in {job.most} bytes")
    put_answer(answer, args)
    put_smaller(replayer, answer, record, sites)
    fits = [put_margin(replayer, answer, record, sites, given)
            for given in args.size]
    put_moments(print, record, sites, args.moments)
    put_configs(args, record, job, answer)
    if args.header:
        write_header(args, record, job, answer)
    return 0 if all(fits) else 1
