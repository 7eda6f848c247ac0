#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-objects.sh DIR: threads share objects, under ThreadSanitizer: nothing
# is lost and nothing races; and without atomic counts it would be seen. Works
# in DIR.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1

# ThreadSanitizer wants addresses that do not vary much.
threads() {
	gcc -fsanitize=thread -std=c11 -g -O1 -Wall -Wextra -Werror \
		-DSLATE_CONFIG_LOCK=1 -DSLATE_CONFIG_OBJECT_ATOMIC=$1 \
		-Iinclude -Iport/linux tests/threads/counted.c src/*.c \
		port/linux/*.c -lpthread -o "$dir/counted-$1" || return 2
	timeout 100 setarch "$(uname -m)" -R "$dir/counted-$1" 2>&1
}

sees_races() {
	threads 0 >"$dir/races"
	[ $? != 2 ] && grep 'data race.*object' "$dir/races"
}

it "threads_share_objects" threads 1
it "counts_that_are_not_atomic_are_seen" sees_races
done_testing
