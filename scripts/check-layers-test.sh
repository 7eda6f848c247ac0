#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The layers hold; and where they do not, check-layers.sh says so: each fact
# but the first is about a copy of the tree with something planted in it.

. scripts/ktap.sh

copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT

plant() {
	rm -rf "$copy/include" "$copy/src"
	cp -R include src "$copy"
	printf '%s\n' "$2" >>"$copy/$1"
}

planted() {
	plant "$1" "$2"
	fails_with "$3" scripts/check-layers.sh "$copy"
}

it "layers_hold" scripts/check-layers.sh .
it "layers_refuse_word_c_to_include_heap_h" planted src/word.c \
	'#include <slate/heap.h>' "layer 1 includes slate/heap.h of layer 6"
it "layers_refuse_chunk_h_to_include_pool_h" planted include/slate/chunk.h \
	'# include <slate/pool.h>' "layer 4 includes slate/pool.h of layer 5"
it "layers_refuse_a_private_header_from_above" planted src/chunk.c \
	'#include "heap_state.h"' "layer 4 includes heap_state.h of layer 6"
it "layers_refuse_headers_of_a_libc" planted src/heap.c \
	'#include <string.h>' "<string.h> is not freestanding"
it "layers_refuse_a_file_without_a_layer" planted src/stray.c \
	'int stray;' "stray.c: has no layer"
it "layers_refuse_to_include_a_file_without_a_layer" planted src/heap.c \
	'#include "stray.h"' "stray.h has no layer"
done_testing
