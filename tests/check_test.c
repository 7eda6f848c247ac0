// SPDX-License-Identifier: MIT
#include "testing.h"

static void fault_name_has_a_word_for_each_kind(struct ktap *t)
{
	int a;
	int b;

	for (a = 0; a <= SLATE_FAULT_TRAVERSE; a++) {
		const char *name = slate_fault_name((enum slate_fault)a);

		if (!ktap_expect(t, name && *name))
			return;
		ktap_expect(t, strcmp(name, "unknown fault"));
		for (b = 0; b < a; b++)
			ktap_expect(t, strcmp(name, slate_fault_name(
						(enum slate_fault)b)));
	}
}

static void fault_name_says_double_free(struct ktap *t)
{
	ktap_expect(t, !strcmp(slate_fault_name(SLATE_FAULT_DOUBLE_FREE),
			       "double free"));
}

static void fault_name_of_no_kind_is_unknown(struct ktap *t)
{
	const int beyond = SLATE_FAULT_TRAVERSE + 1;
	const char *name = slate_fault_name((enum slate_fault)beyond);

	ktap_expect(t, !strcmp(name, "unknown fault"));
	name = slate_fault_name((enum slate_fault)15);
	ktap_expect(t, !strcmp(name, "unknown fault"));
}

static const struct ktap_case cases[] = {
	KTAP_CASE(fault_name_has_a_word_for_each_kind),
	KTAP_CASE(fault_name_says_double_free),
	KTAP_CASE(fault_name_of_no_kind_is_unknown),
};

KTAP_SUITE(slate_check, cases);
