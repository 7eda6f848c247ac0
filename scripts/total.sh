#!/bin/sh
# SPDX-License-Identifier: MIT
#
# total.sh DIR: the last line of all tests, "N passed, M failed". Fails if one
# failed or none ran.

passed=$(cat "$1"/*.results | grep -c '^ok')
failed=$(cat "$1"/*.results | grep -c '^not ok')
echo "$passed passed, $failed failed" | tee "$1/total"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
