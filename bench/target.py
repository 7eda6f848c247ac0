# SPDX-License-Identifier: MIT
"""Builds the counting program, and runs jobs with it in QEMU."""

import array
import hashlib
import os
import shutil
import struct
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BOARD = "mps2-an385"
JOB_ADDRESS = 0x20020000
JOB_MAGIC = 0x544c5331
REGION = 0x21000000
REGION_MAX = 0x1000000
HEAD = struct.Struct("<8I")
RESET = 0xffffffff
FAILED = 0x80000000
SKIPPED = 0x40000000
STATUS = ("done", "no heap", "no memory", "bad job", "bad count", "damage",
          "fault")
LIBC = {
    "newlib": ["--specs=nosys.specs"],
    "newlib_nano": ["--specs=nano.specs", "--specs=nosys.specs"],
}
WRAP = [f"-Wl,--wrap={name}" for name in ("memcpy", "memset", "memmove")]


class TargetError(Exception):
    """The target program could not be built, or did not do its work."""


class Variant:
    """How slate, or a peer, is built for the target."""

    def __init__(self, cpu="cortex-m3", opt="-O2", config="default",
                 cflags="", cross="arm-none-eabi-", out="out/bench"):
        self.cpu = cpu if cpu.startswith("cortex-") else f"cortex-{cpu}"
        self.opt = "-" + opt.lstrip("-")
        self.config = config
        self.cflags = cflags
        self.cross = cross
        self.out = os.path.join(TOP, out)

    def key(self):
        words = [self.cpu, self.opt.lstrip("-"), self.config]
        if self.cflags or self.cross != "arm-none-eabi-":
            text = self.cflags + self.cross
            words.append(hashlib.sha1(text.encode()).hexdigest()[:8])
        return "-".join(words)


def run_quietly(command):
    env = {name: value for name, value in os.environ.items()
           if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES",
                           "CC", "CFLAGS")}
    done = subprocess.run(command, cwd=TOP, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise TargetError(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def build_library(variant):
    """make lib for the variant; returns the folder with the archives."""
    where = os.path.join(variant.out, "lib", variant.key())
    run_quietly(["make", "-s", "lib", f"O={os.path.relpath(where, TOP)}",
                 "PORT=cortex-m", f"CPU={variant.cpu}",
                 f"CONFIG={variant.config}", f"OPT={variant.opt}",
                 f"CROSS_COMPILE={variant.cross}", f"CFLAGS={variant.cflags}"])
    return where


def config_flags(variant):
    if variant.config == "default":
        return []
    return ["-I.", f'-DSLATE_CONFIG_HEADER="configs/{variant.config}.h"']


def build(variant, adapter, sources=(), program="bench/target/count.c"):
    """
    The counting program with one adapter; returns its path. Without a program
    the adapter has a main() of its own.
    """
    library = build_library(variant)
    name = os.path.splitext(os.path.basename(adapter))[0]
    folder = os.path.join(variant.out, "target", variant.key())
    os.makedirs(folder, exist_ok=True)
    elf = os.path.join(folder, name + ".elf")
    specs = LIBC.get(name, ["--specs=picolibc.specs"])
    command = [variant.cross + "gcc", "-std=gnu11", "-mthumb",
               f"-mcpu={variant.cpu}", variant.opt, "-g", "-w",
               "-ffunction-sections", "-fdata-sections",
               "-fno-tree-loop-distribute-patterns",
               "-Iinclude", "-Iport/cortex-m", "-Ibench",
               *config_flags(variant), *variant.cflags.split(), *specs,
               "-nostartfiles", "-Wl,--gc-sections",
               "-Wl,--no-warn-rwx-segments",
               "-Tbench/target/count.ld", *WRAP,
               "bench/target/start.c", "bench/target/thunk.S",
               "bench/target/calibrate.c", *filter(None, [program]),
               adapter, *sources, os.path.join(library, "libslate.a"),
               os.path.join(library, "libslate-port.a"), "-o", elf]
    run_quietly(command)
    return elf


class Result:
    """What the target left: its status and the instructions of each call."""

    def __init__(self, status, done, costs):
        self.status = status
        self.done = done
        self.costs = costs


def write_job(path, what, size, slots, region, offset=0, goes_on=False):
    """The calls, in a heap of region bytes at REGION + offset, as a file."""
    if region + offset > REGION_MAX:
        raise TargetError(f"a region of {region} bytes does not fit")
    calls = array.array("I", bytes(8 * len(what)))
    calls[0::2] = array.array("I", what)
    calls[1::2] = array.array("I", size)
    with open(path, "wb") as file:
        file.write(HEAD.pack(JOB_MAGIC, len(what), slots, REGION + offset,
                             region, int(goes_on), 0, 0))
        calls.tofile(file)


def qemu(elf):
    """The command that runs the program on the file "job"."""
    return ["qemu-system-arm", "-M", BOARD, "-icount", "shift=10",
            "-display", "none", "-monitor", "none", "-serial", "none",
            "-semihosting-config", "enable=on,target=native",
            "-device", f"loader,file=job,addr={JOB_ADDRESS:#x}",
            "-kernel", os.path.abspath(elf)]


def run(elf, what, size, slots, region, offset=0, goes_on=False):
    """
    Run the calls in QEMU; what each took. With goes_on those that fail have
    FAILED set, and those that could not be made SKIPPED.
    """
    folder = tempfile.mkdtemp(prefix="slate-bench-")
    try:
        write_job(os.path.join(folder, "job"), what, size, slots, region,
                  offset, goes_on)
        done = subprocess.run(qemu(elf), cwd=folder, text=True, timeout=900,
                              stdin=subprocess.DEVNULL, capture_output=True)
        path = os.path.join(folder, "counts")
        if not os.path.exists(path):
            raise TargetError(f"no counts from QEMU: {done.stderr[-500:]}")
        with open(path, "rb") as file:
            data = file.read()
    finally:
        shutil.rmtree(folder)
    head = HEAD.unpack_from(data)
    calls = array.array("I")
    calls.frombytes(data[HEAD.size:])
    status = STATUS[head[7]]
    if status in ("bad job", "bad count", "damage", "fault"):
        raise TargetError(f"{os.path.basename(elf)}: {status} at call "
                          f"{head[6]}")
    return Result(status, head[6], calls[1:2 * head[6]:2])


def compiler_version(cross="arm-none-eabi-"):
    text = run_quietly([cross + "gcc", "--version"])
    return text.splitlines()[0]
