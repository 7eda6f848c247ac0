/* SPDX-License-Identifier: MIT */
/*
 * slate: a heap for machines that have no operating system to ask.
 * Everything, in layer order.
 */
#ifndef SLATE_SLATE_H
#define SLATE_SLATE_H

#include <slate/compiler.h>
#include <slate/config.h>
#include <slate/word.h>
#include <slate/check.h>
#include <slate/port.h>
#include <slate/arena.h>
#include <slate/chunk.h>
#include <slate/pool.h>
#include <slate/heap.h>
#include <slate/tier.h>
#include <slate/site.h>
#include <slate/view.h>
#include <slate/region.h>
#include <slate/default.h>
#include <slate/survey.h>
#include <slate/wrap.h>
#include <slate/count.h>
#include <slate/ledger.h>
#include <slate/owner.h>
#include <slate/trace.h>
#include <slate/debug.h>
#include <slate/inject.h>
#include <slate/fence.h>
#include <slate/record.h>
#include <slate/cache.h>
#include <slate/objpool.h>
#include <slate/scope.h>
#include <slate/intern.h>
#include <slate/array.h>
#include <slate/ring.h>
#include <slate/once.h>
#include <slate/object.h>
#include <slate/gc.h>
#include <slate/weakref.h>

#endif /* SLATE_SLATE_H */
