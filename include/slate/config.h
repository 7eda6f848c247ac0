/* SPDX-License-Identifier: MIT */
/*
 * Every option of slate, each always defined, each a number, each with what
 * it gains and what it costs. This file untouched is the configuration
 * "default". Override with -DSLATE_CONFIG_NAME=value, or put the overrides in
 * a header and name it with -DSLATE_CONFIG_HEADER='"my_config.h"'.
 */
#ifndef SLATE_CONFIG_H
#define SLATE_CONFIG_H

#include <slate/compiler.h>

#ifdef SLATE_CONFIG_HEADER
#include SLATE_CONFIG_HEADER
#endif

/*
 * Bytes of a granule: the alignment of every block and the step of block
 * sizes. 8 serves every type of a 32-bit target but where max_align_t asks
 * for 16 (a libc on rv32). 16 wastes more in rounding, needs fewer tables.
 * Range: 8 or 16; 16 on 64-bit.
 */
#ifndef SLATE_CONFIG_GRANULE
#define SLATE_CONFIG_GRANULE	(sizeof(void *) == 8 ? 16 : 8)
#endif

/*
 * The most regions that one heap may have. They are asked in turn: each that
 * stands before the right one costs a free about ten instructions, and an
 * allocation one attempt. Range: 1 to 64. 1 compiles the search out.
 */
#ifndef SLATE_CONFIG_REGIONS
#define SLATE_CONFIG_REGIONS	4
#endif

/*
 * 1: heaps may take arenas from a source (slate_heap_create_from(),
 * slate_heap_set_source()). Costs about 3 KiB of code, and three words of RAM
 * in a heap without a source. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_SOURCE
#define SLATE_CONFIG_SOURCE	1
#endif

/*
 * Bytes of a cache line. A request that names SLATE_CAP_DMA starts on one and
 * takes whole ones, and realloc keeps it so: no other block shares a line that
 * is cleaned or invalidated. Costs half a line a DMA block on average. 0: DMA
 * memory is as any other, for machines without a data cache. Range: 0, or a
 * power of two from 16 to 1024.
 */
#ifndef SLATE_CONFIG_LINE
#define SLATE_CONFIG_LINE	32
#endif

/*
 * 1: small blocks of the mem and obj tiers come from pools, in a third of the
 * instructions. Costs about 1 KiB of code and 20 bytes a region. 0: every
 * block comes from the chunk engine. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_POOL
#define SLATE_CONFIG_POOL	1
#endif

/*
 * 1: arenas from a source have straight paths of their own, as the first
 * region has: a call there takes a third of the instructions; and on 64-bit
 * pools are made for blocks of up to 256 bytes, not 128. Costs about 3.5 KiB of
 * code (Cortex-M3). 0: for machines whose memory is given as regions. Needs
 * SOURCE and POOL. Range: 0 or 1; 1 on 64-bit.
 */
#ifndef SLATE_CONFIG_SOURCE_FAST
#define SLATE_CONFIG_SOURCE_FAST	(SLATE_CONFIG_SOURCE && \
					 SLATE_CONFIG_POOL && \
					 UINTPTR_MAX > 0xffffffffu)
#endif

/*
 * 1: each tier's table can be read and replaced (slate_tier_set()), and a heap
 * tells of its arenas and of running low (slate_heap_set_events()). Costs two
 * instructions a call and 30 words a heap, most of them the tables that
 * wrappers find. 0: the calls go straight to the engines and the setters
 * return -SLATE_ENOTSUP. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_HOOKS
#define SLATE_CONFIG_HOOKS	1
#endif

/*
 * 1: every heap has debug hooks (debug.h) from its creation on, their state in
 * the heap's own memory; about 70 words and 8 per kept block (see
 * SLATE_CONFIG_QUARANTINE), and 5 words a block. 0: a program enables them
 * where it wants, with storage of its own. Needs HOOKS. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_DEBUG
#define SLATE_CONFIG_DEBUG	0
#endif

/*
 * Debug hooks also tell a memory checker on the host which bytes the program
 * may touch: its blocks, to the byte, and not what is around them or freed and
 * in quarantine. 1: Valgrind's memcheck (its headers are needed). 2:
 * AddressSanitizer (compile with -fsanitize=address). 0: none. The port has
 * the calls (port.h): port/linux. Range: 0 to 2.
 */
#ifndef SLATE_CONFIG_SANITIZE
#define SLATE_CONFIG_SANITIZE	0
#endif

/*
 * How many freed blocks struct slate_debug has room to keep, 8 words each; a
 * program may give room for more. Costs nothing without debug hooks. Range: 1
 * to 4096.
 */
#ifndef SLATE_CONFIG_QUARANTINE
#define SLATE_CONFIG_QUARANTINE	8
#endif

/*
 * What debug hooks fill memory with: fresh, freed, and around a block. Other
 * values serve where these are addresses that can be read: on Cortex-M
 * 0xcdcdcdcd and 0xdddddddd are in the range for external devices. All three
 * differ, and none is 'r', 'm' or 'o'. Range: 1 to 255.
 */
#ifndef SLATE_CONFIG_FILL_CLEAN
#define SLATE_CONFIG_FILL_CLEAN		0xcd
#endif
#ifndef SLATE_CONFIG_FILL_DEAD
#define SLATE_CONFIG_FILL_DEAD		0xdd
#endif
#ifndef SLATE_CONFIG_FILL_FORBIDDEN
#define SLATE_CONFIG_FILL_FORBIDDEN	0xfd
#endif

/*
 * 1: live bytes are counted heap-wide and per tier, with the peak, the quota
 * and the failures; seven instructions a malloc, six a free, eight words a
 * heap. 0: live and blocks are counted by reading the tables when asked; peak
 * is what is live then, and a quota is refused. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_STATS
#define SLATE_CONFIG_STATS	1
#endif

/*
 * 1: each call takes slate_port_lock() around its table work, so that any
 * thread, and any interrupt which that lock masks, may call. 0: whoever owns
 * the heap calls, and nobody else. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_LOCK
#define SLATE_CONFIG_LOCK	0
#endif

/*
 * The one dial for checking, each level with those below.
 * 1: every pointer given is judged, every link in free memory confirmed.
 * 2: a chunk that heads its list is measured by the tables, and must belong
 *    into that list, before it is taken. About 15 instructions.
 * 3: what malloc hands out is filled with 0xcd, what free takes back with
 *    0xdd, the latter with the lock held. O(size) a call.
 * 4: the whole heap is walked before and after each malloc, free, realloc and
 *    aligned request, and what is wrong is reported. O(heap) a call.
 * Range: 1 to 4.
 */
#ifndef SLATE_CONFIG_CHECK
#define SLATE_CONFIG_CHECK	1
#endif

/*
 * 1: when a broken link is met, and slate_port_fault() returned, the free
 * lists are rebuilt from the tables and the call goes on. 0: the call is
 * dropped; the program calls slate_heap_repair() when it wants to. Rebuilding
 * is O(heap). Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_REPAIR
#define SLATE_CONFIG_REPAIR	1
#endif

/*
 * 1: the engines in the fewest bytes instead of the fewest instructions: one
 * edit of the tables serves every call. A fifth of the code of a build that
 * has else the same options; malloc takes four times the instructions and free
 * two and a half times, bounded all the same, and after a broken link the one
 * that was met is reported before the lists are rebuilt, not all. With 32-bit
 * words free chunks of 256 KiB and more are one list, of which a request looks
 * at eight. Needs REGIONS 1 and SOURCE, LINE, POOL, HOOKS and STATS 0. Range:
 * 0 or 1.
 */
#ifndef SLATE_CONFIG_COMPACT
#define SLATE_CONFIG_COMPACT	0
#endif

/*
 * 1: the library brings freestanding memcpy, memmove, memset and memcmp, for
 * programs that link no libc at all. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_STRING
#define SLATE_CONFIG_STRING	0
#endif

/*
 * The most free objects that a typed cache (cache.h) keeps constructed. Each
 * costs a pointer a cache, and freeing an object looks at those that are kept.
 * Range: 0 to 64. 0 keeps none.
 */
#ifndef SLATE_CONFIG_CACHE
#define SLATE_CONFIG_CACHE	8
#endif

/*
 * 1: the counts of objects change atomically (slate_port_cas()), and what
 * threads and cores share of the object layer is changed under the port's lock,
 * so that any of them may count, make and drop objects. Needs
 * SLATE_CONFIG_LOCK. Costs a call for each change of a count. Range: 0 or 1.
 */
#ifndef SLATE_CONFIG_OBJECT_ATOMIC
#define SLATE_CONFIG_OBJECT_ATOMIC	0
#endif

/*
 * How many deallocs of objects may run inside each other, each in stack of its
 * own, before further ones wait until those have returned. Range: 1 to 255.
 */
#ifndef SLATE_CONFIG_OBJECT_DEPTH
#define SLATE_CONFIG_OBJECT_DEPTH	4
#endif

/*
 * Generations of the collector of cycles. More than one: objects that have
 * survived are looked at less often, for about ten words each. Range: 1 to 3.
 */
#ifndef SLATE_CONFIG_GENERATIONS
#define SLATE_CONFIG_GENERATIONS	1
#endif

SLATE_STATIC_ASSERT(SLATE_CONFIG_GRANULE == 8 || SLATE_CONFIG_GRANULE == 16,
		    "SLATE_CONFIG_GRANULE is 8 or 16");
SLATE_STATIC_ASSERT(sizeof(void *) == 4 || SLATE_CONFIG_GRANULE == 16,
		    "SLATE_CONFIG_GRANULE is 16 on 64-bit");
SLATE_STATIC_ASSERT(SLATE_CONFIG_REGIONS >= 1 && SLATE_CONFIG_REGIONS <= 64,
		    "SLATE_CONFIG_REGIONS is 1 to 64");
SLATE_STATIC_ASSERT(SLATE_CONFIG_SOURCE == 0 || SLATE_CONFIG_SOURCE == 1,
		    "SLATE_CONFIG_SOURCE is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_SOURCE_FAST == 0 ||
		    (SLATE_CONFIG_SOURCE_FAST == 1 && SLATE_CONFIG_SOURCE &&
		     SLATE_CONFIG_POOL),
		    "SLATE_CONFIG_SOURCE_FAST is 0, or 1 with "
		    "SLATE_CONFIG_SOURCE and SLATE_CONFIG_POOL");
SLATE_STATIC_ASSERT(SLATE_CONFIG_LINE == 0 ||
		    (SLATE_CONFIG_LINE >= 16 && SLATE_CONFIG_LINE <= 1024 &&
		     !(SLATE_CONFIG_LINE & (SLATE_CONFIG_LINE - 1))),
		    "SLATE_CONFIG_LINE is 0 or a power of two, 16 to 1024");
SLATE_STATIC_ASSERT(SLATE_CONFIG_POOL == 0 || SLATE_CONFIG_POOL == 1,
		    "SLATE_CONFIG_POOL is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_HOOKS == 0 || SLATE_CONFIG_HOOKS == 1,
		    "SLATE_CONFIG_HOOKS is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_DEBUG == 0 || SLATE_CONFIG_DEBUG == 1,
		    "SLATE_CONFIG_DEBUG is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_DEBUG == 0 || SLATE_CONFIG_HOOKS == 1,
		    "SLATE_CONFIG_DEBUG needs SLATE_CONFIG_HOOKS");
SLATE_STATIC_ASSERT(SLATE_CONFIG_SANITIZE >= 0 && SLATE_CONFIG_SANITIZE <= 2,
		    "SLATE_CONFIG_SANITIZE is 0 to 2");
SLATE_STATIC_ASSERT(SLATE_CONFIG_QUARANTINE >= 1 &&
		    SLATE_CONFIG_QUARANTINE <= 4096,
		    "SLATE_CONFIG_QUARANTINE is 1 to 4096");
SLATE_STATIC_ASSERT(SLATE_CONFIG_FILL_CLEAN >= 1 &&
		    SLATE_CONFIG_FILL_CLEAN <= 255,
		    "SLATE_CONFIG_FILL_CLEAN is 1 to 255");
SLATE_STATIC_ASSERT(SLATE_CONFIG_FILL_DEAD >= 1 &&
		    SLATE_CONFIG_FILL_DEAD <= 255 &&
		    SLATE_CONFIG_FILL_DEAD != SLATE_CONFIG_FILL_CLEAN,
		    "SLATE_CONFIG_FILL_DEAD is 1 to 255 and not FILL_CLEAN");
SLATE_STATIC_ASSERT(SLATE_CONFIG_FILL_FORBIDDEN >= 1 &&
		    SLATE_CONFIG_FILL_FORBIDDEN <= 255 &&
		    SLATE_CONFIG_FILL_FORBIDDEN != SLATE_CONFIG_FILL_CLEAN &&
		    SLATE_CONFIG_FILL_FORBIDDEN != SLATE_CONFIG_FILL_DEAD,
		    "SLATE_CONFIG_FILL_FORBIDDEN is 1 to 255, and no other's");
SLATE_STATIC_ASSERT(SLATE_CONFIG_STATS == 0 || SLATE_CONFIG_STATS == 1,
		    "SLATE_CONFIG_STATS is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_LOCK == 0 || SLATE_CONFIG_LOCK == 1,
		    "SLATE_CONFIG_LOCK is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_CHECK >= 1 && SLATE_CONFIG_CHECK <= 4,
		    "SLATE_CONFIG_CHECK is 1 to 4");
SLATE_STATIC_ASSERT(SLATE_CONFIG_REPAIR == 0 || SLATE_CONFIG_REPAIR == 1,
		    "SLATE_CONFIG_REPAIR is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_COMPACT == 0 ||
		    (SLATE_CONFIG_COMPACT == 1 && SLATE_CONFIG_REGIONS == 1 &&
		     !SLATE_CONFIG_SOURCE && !SLATE_CONFIG_LINE &&
		     !SLATE_CONFIG_POOL && !SLATE_CONFIG_HOOKS &&
		     !SLATE_CONFIG_STATS),
		    "SLATE_CONFIG_COMPACT is 0, or 1 with REGIONS 1 and "
		    "SOURCE, LINE, POOL, HOOKS and STATS 0");
SLATE_STATIC_ASSERT(SLATE_CONFIG_STRING == 0 || SLATE_CONFIG_STRING == 1,
		    "SLATE_CONFIG_STRING is 0 or 1");
SLATE_STATIC_ASSERT(SLATE_CONFIG_CACHE >= 0 && SLATE_CONFIG_CACHE <= 64,
		    "SLATE_CONFIG_CACHE is 0 to 64");
SLATE_STATIC_ASSERT(SLATE_CONFIG_OBJECT_ATOMIC == 0 ||
		    (SLATE_CONFIG_OBJECT_ATOMIC == 1 && SLATE_CONFIG_LOCK),
		    "SLATE_CONFIG_OBJECT_ATOMIC is 0, or 1 with "
		    "SLATE_CONFIG_LOCK");
SLATE_STATIC_ASSERT(SLATE_CONFIG_OBJECT_DEPTH >= 1 &&
		    SLATE_CONFIG_OBJECT_DEPTH <= 255,
		    "SLATE_CONFIG_OBJECT_DEPTH is 1 to 255");
SLATE_STATIC_ASSERT(SLATE_CONFIG_GENERATIONS >= 1 &&
		    SLATE_CONFIG_GENERATIONS <= 3,
		    "SLATE_CONFIG_GENERATIONS is 1 to 3");

#endif /* SLATE_CONFIG_H */
