# SPDX-License-Identifier: MIT
"""What other configurations would need, and the one that is recommended."""

import os

from . import configs
from .errors import DeskError, open_output
from .model import ARENA
from .replayer import TOP, Replayer, build
from .sizing import Search


def smallest(args, record, job, options, hint):
    """The smallest region with these options; 0 if there is none."""
    replayer = Replayer(job, build(record.word, configs.flags(options),
                                   args.out))
    return Search(replayer, args.seconds, hint).run(thorough=False).smallest


def put_configs(args, record, job, answer):
    """A table of the configurations asked for."""
    if args.configs == "none":
        return
    known = configs.names(TOP)
    chosen = args.configs.split(",") if args.configs else known
    for name in chosen:
        if name not in known:
            raise DeskError(f"no configuration {name}: there are " +
                            ", ".join(known))
    print("\nWhat each configuration would need:")
    print(f"  {'as recorded':14} {answer.smallest:10} bytes")
    for name in chosen:
        options = configs.options(TOP, name)
        try:
            needed = smallest(args, record, job, options, answer.smallest)
        except DeskError as error:
            print(f"  {name:14} {str(error).splitlines()[0]}")
            continue
        print(f"  {name:14} {needed:10} bytes" if needed else
              f"  {name:14}          does not complete")


def candidates(record, job):
    """
    Options worth trying: those of the recording with what the program does
    not use left out, with pools and without. What it says of hooks, counting,
    the lock and checks is the program's own choice.
    """
    base = {name: value for name, value in record.options.items()
            if name not in ("REGIONS", "SOURCE", "POOL")}
    base["REGIONS"] = len(job.regions)
    if not any(event.kind == ARENA for event in record.events):
        base["SOURCE"] = 0
    return [dict(base, POOL=pool) for pool in (1, 0)]


def recommend(args, record, job, hint):
    """(options, smallest region): the smallest, and on a tie with pools."""
    best = None
    for options in candidates(record, job):
        needed = smallest(args, record, job, options, hint)
        if needed and (best is None or needed < best[1]):
            best = options, needed
    if best is None:
        raise DeskError("no configuration completes")
    return best


def write_header(args, record, job, answer):
    options, needed = recommend(args, record, job, answer.smallest)
    replayer = Replayer(job, build(record.word, configs.flags(options),
                                   args.out))
    final = Search(replayer, args.seconds, needed).run()
    with open_output(args.header) as file:
        file.write(
            "/*\n"
            f" * Written by slate-size from {os.path.basename(args.recording)}"
            ": the smallest region that\n"
            f" * completes has {final.smallest} bytes; as recorded it was "
            f"{answer.smallest}. Leave a\n"
            " * margin for what the recording does not show.\n"
            " */\n")
        for name, value in sorted(options.items()):
            file.write(f"#define SLATE_CONFIG_{name}".ljust(31) +
                       f" {value}\n")
    print(f"\n{args.header}: the configuration that is recommended; it needs "
          f"{final.smallest} bytes")
