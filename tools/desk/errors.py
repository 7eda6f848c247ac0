# SPDX-License-Identifier: MIT
"""The one exception that ends a tool with a message, and how it does."""

import os
import sys


class DeskError(Exception):
    """Something is wrong with what the user gave; the text says what."""


def run(name, main):
    """Run a tool's main; what it has to complain of is one line."""
    try:
        sys.exit(main())
    except DeskError as error:
        sys.exit(f"{name}: {error}")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def open_output(path, binary=False):
    """path for writing, where "-" is stdout."""
    if path == "-":
        return sys.stdout.buffer if binary else sys.stdout
    try:
        if binary:
            return open(path, "wb")
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise DeskError(f"{path}: {error.strerror}") from None


def read_file(path):
    """All bytes of a file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise DeskError(f"{path}: {error.strerror}") from None
