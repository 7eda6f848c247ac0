#!/bin/sh
# SPDX-License-Identifier: MIT
#
# check-rules.sh DIR: the rules of regions, sources, fences and objects are
# broken one at a time in a copy, and the test that is there for each fails.
# Works in DIR.

. scripts/ktap.sh

dir=$1
mkdir -p "$dir" || exit 1

make -s --no-print-directory O="$dir" CFLAGS=-DTEST_STEPS=100 test-elf \
	>"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
obj=$(echo "$dir"/obj/linux-*)

# broken TEST FILE EDIT SOURCES...: with FILE so edited, and SOURCES compiled
# anew, TEST fails, and without it passes
broken() {
	test=$1
	file=$2
	edit=$3
	shift 3
	rm -rf "$dir/broken"
	mkdir "$dir/broken" && cp -r include src port "$dir/broken" || return
	sed -i "$edit" "$dir/broken/$file"
	! cmp -s "$file" "$dir/broken/$file" || { echo "no edit"; return 1; }
	objs=
	for source; do
		gcc -std=c11 -O1 -I"$dir/broken/include" \
			-I"$dir/broken/port/linux" -w \
			-c "$dir/broken/$source" -o "$dir/${source##*/}.o" ||
			return
		objs="$objs $dir/${source##*/}.o"
	done
	gcc $objs "$obj"/tests/*.o "$obj/libslate.a" "$obj/libslate-port.a" \
		-pthread -o "$dir/program" || return
	timeout 60 "$dir/program" >"$dir/ktap" 2>&1
	grep -q "not ok [0-9]* $test\$" "$dir/ktap" && return
	grep "not ok" "$dir/ktap"
	echo "$test passes all the same"
	return 1
}

timeout 60 "$dir/slate-test" >"$dir/ktap"
it "all_tests_pass_as_it_is" test $? = 0

it "reserve_that_everybody_enters_is_seen" \
	broken ordinary_requests_never_touch_it include/slate/arena.h \
	's/SLATE_CAP_RESERVE | SLATE_CAP_DRAINED : 0/SLATE_CAP_DRAINED : 0/' \
	src/engine.c
it "reserved_source_that_everybody_enters_is_seen" \
	broken reserved_source_is_entered_by_name_only include/slate/arena.h \
	's/SLATE_CAP_RESERVE | SLATE_CAP_DRAINED : 0/SLATE_CAP_DRAINED : 0/' \
	src/source_serve.c src/source_grow.c
it "reserve_that_is_too_small_is_seen" \
	broken every_size_that_fits_can_be_reserved src/region_reserve.c \
	's/n >= want/n + 8 >= want/' src/region_reserve.c
it "block_that_leaves_its_reserve_is_seen" \
	broken block_in_it_stays_in_it src/engine_realloc.c \
	's/\.caps = slate_arena_caps(.*)/.caps = 0/' src/engine_realloc.c
it "fallback_in_another_order_is_seen" \
	broken prefer_follows_the_order src/region_caps.c \
	's/wish->order\[i\]/wish->order[wish->n - 1 - i]/' src/region_caps.c
it "fallback_that_stops_early_is_seen" \
	broken fallback_reaches_it_last src/region_caps.c \
	's/i < wish->n \&\&/i < 1 \&\&/' src/region_caps.c
it "removal_of_a_region_in_use_is_seen" \
	broken removal_is_refused_and_the_holders_are_listed src/heap.c \
	'/^static int take_out/,/^}/s/return -SLATE_EBUSY/(void)0/' src/heap.c
it "removal_of_the_first_region_is_seen" \
	broken remove_region_refuses_the_first src/heap.c \
	'/^static int remove_region/,/^}/s/return -SLATE_EBUSY/return 0/' \
	src/heap.c
it "drained_region_that_is_entered_is_seen" \
	broken nothing_enters_a_drained_region include/slate/arena.h \
	's/SLATE_CAP_RESERVE | SLATE_CAP_DRAINED : 0/SLATE_CAP_RESERVE : 0/' \
	src/engine.c
it "block_that_is_not_cleared_is_seen" \
	broken free_clears src/engine.h 's/caps & SLATE_CAP_ZERO/caps \& 0/' \
	src/engine.c
it "tail_that_is_not_cleared_is_seen" \
	broken realloc_clears_what_it_leaves src/engine.h \
	's/caps & SLATE_CAP_ZERO/caps \& 0/' src/engine_realloc.c
it "line_that_is_shared_after_realloc_is_seen" \
	broken dma_block_keeps_its_lines_in_realloc src/engine_realloc.c \
	's/? 1 : line/? 1 : 1/' src/engine_realloc.c
it "arena_that_is_never_given_back_is_seen" \
	broken empty_arenas_go_back_but_for_one src/source.h \
	's/(1 + ((n) >> 3))/(n)/' src/source.c
it "arena_that_is_given_back_too_soon_is_seen" \
	broken empty_arenas_are_kept_in_proportion src/source.h \
	's/(1 + ((n) >> 3))/1/' src/source.c
it "guard_that_is_open_is_seen" \
	broken access_behind_the_end_is_stopped src/fence_slot.c \
	's/fence_close(fence, slot, fence->step)/fence_close(fence, slot, 0)/' \
	src/fence_slot.c
it "freed_slot_that_is_open_is_seen" \
	broken access_after_free_is_stopped src/fence_slot.c \
	's/fence_close(fence, slot, fence->options.slot_size)/(void)0/' \
	src/fence_slot.c
it "lock_that_lets_others_in_is_seen" \
	broken lock_keeps_others_out port/linux/port_linux.c \
	's/pthread_mutex_\(un\)*lock(&mutex);//' port/linux/port_linux.c
it "misaligned_arena_is_seen" \
	broken source_brings_aligned_memory port/linux/port_linux.c \
	's/head = -(uintptr_t)p .*;/head = (-(uintptr_t)p \& (align \/ 2 - 1)) + 4096;/' \
	port/linux/port_linux.c
# One line for each rule of objects: name, and what broken() is told.
while read -r name test file edit <&3; do
	it "$name" broken "$test" "src/$file" "$edit" "src/$file"
done 3<<'RULES'
trash_that_is_not_brought_back_is_seen order_of_making_does_not_matter gc_judge.c s/gc_state(link) == GC_TRASH/link->next == 1/
count_that_is_too_small_is_seen wrong_traverse_is_detected_and_named gc_judge.c s/\*culprit = obj/(void)culprit/
weak_references_that_outlive_are_seen weak_references_are_dead_before_finalizers gc_sweep.c s/^\tclear_weak(gc, trash);/\t(void)clear_weak;/
weak_references_of_finalizers_are_seen reference_made_by_a_finalizer_dies_before_clearing gc_sweep.c s/^\t\tclear_weak(gc, trash);/\t\t;/
callback_in_the_trash_is_seen callback_in_the_trash_is_not_called weakref.c s/gc_state(&ref->gc.link) == GC_TRASH/0/
callback_of_a_dying_reference_is_seen callback_of_a_waiting_reference_is_not_called weakref.c s/if (!ref_is_live(ref_read(&ref->gc.base)))/if (0)/
callbacks_in_the_wrong_order_are_seen callbacks_come_newest_first_after_all_are_dead weakref.c s/chain = turned(chain)/(void)turned/
dying_object_that_is_given_out_is_seen waiting_object_is_dead_to_weak_references weakref.c s/if (!ref_is_live(refs))/if (0)/
pause_without_bound_is_seen pause_is_bounded_by_the_most gc.c s/^\tif (most)$/\tif (0)/
nested_collection_is_seen collection_inside_one_does_nothing gc.c /^static.*collect(/,/^}/s/if (gc->collecting)/if (0)/
failure_without_collection_is_seen failing_allocation_collects_and_is_tried_again object.c s/!obj \&\& slate_objects_reclaim/0 \&\& slate_objects_reclaim/
deep_recursion_is_seen deallocs_nest_as_deep_as_configured object_count.c s/objects->depth >= SLATE/objects->depth >= 10 + SLATE/
RULES
done_testing
