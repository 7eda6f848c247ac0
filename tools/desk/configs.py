# SPDX-License-Identifier: MIT
"""slate's configurations: the options that each sets, and flags for them."""

import glob
import os
import re

from .errors import DeskError, read_file

DEFINE = re.compile(r"^#define SLATE_CONFIG_(\w+)[ \t]+(\S.*?)\s*(?:/\*.*)?$",
                    re.MULTILINE)


def defines(path):
    """{"POOL": "0", ...} as a header has them."""
    text = read_file(path).decode("utf-8", "replace")
    return {name: value for name, value in DEFINE.findall(text)
            if name != "H"}


def names(top):
    """All configurations: "default", and the files in configs/."""
    files = sorted(glob.glob(os.path.join(top, "configs", "*.h")))
    return ["default"] + [os.path.splitext(os.path.basename(file))[0]
                          for file in files]


def options(top, name):
    """The options that a configuration sets other than the default one."""
    if name == "default":
        return {}
    path = os.path.join(top, "configs", name + ".h")
    if not os.path.exists(path):
        raise DeskError(f"no configuration {name}: there are "
                        + ", ".join(names(top)))
    return defines(path)


def flags(chosen):
    """
    Compiler flags for options. Levels of checking above 2 walk the heap or
    fill blocks at each call, and move none: a replay is spared that.
    """
    words = []
    for name, value in sorted(chosen.items()):
        if name == "CHECK" and str(value).isdecimal():
            value = min(int(value), 2)
        words.append(f"-DSLATE_CONFIG_{name}={value}")
    return " ".join(words)
