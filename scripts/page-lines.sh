#!/bin/sh
# SPDX-License-Identifier: MIT
#
# page-lines.sh PAGE NAME: the lines of the block of code in a page of docs/
# that stands behind the comment "lines: NAME", as they are printed there.
# Tests run what the page tells people to write. Fails if there are none.

awk -v name="$2" '
$0 == "<!-- lines: " name " -->" { found = 1; next }
found && /^```/ { if (inside) exit; inside = 1; next }
inside { print; n++ }
END { exit !n }' "$1"
