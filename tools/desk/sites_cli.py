# SPDX-License-Identifier: MIT
"""slate-sites: names for the call sites in a text, such as a debug report."""

import argparse
import re
import sys

from .elf import Elf
from .symbols import Symbols

EPILOG = """\
example:
  cat /dev/ttyACM0 | slate-sites --elf app.elf
"""

# As the reports of the debug hooks have it.
SITE = re.compile(r"\bfrom 0x([0-9a-f]+)")


def parser():
    top = argparse.ArgumentParser(
        prog="slate-sites", description="Passes text from stdin to stdout and "
        "puts function, file and line behind each \"from 0x...\".",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--elf", required=True, help="the program")
    top.add_argument("--moved", type=lambda text: int(text, 0), default=0,
                     metavar="BYTES", help="by how much it was moved when it "
                     "was loaded (0)")
    return top


def named(match, symbols):
    frames = symbols.frames(int(match[1], 16))
    known = [str(frame) for frame in frames if frame.function or frame.file]
    if not known:
        return match[0]
    return f"{match[0]} [{' in '.join(known)}]"


def main():
    args = parser().parse_args()
    symbols = Symbols(Elf(args.elf), args.moved)
    for line in sys.stdin:
        sys.stdout.write(SITE.sub(lambda match: named(match, symbols), line))
        sys.stdout.flush()
