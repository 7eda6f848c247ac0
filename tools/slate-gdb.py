# SPDX-License-Identifier: MIT
"""
gdb commands for slate heaps: "source tools/slate-gdb.py", then "help slate".
For a live target, a core, or a dump of memory; no -g3 is needed.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from desk import gdb_commands	# noqa: E402

gdb_commands.register()
