/* SPDX-License-Identifier: MIT */
/* Layer 7, private: accounts of owners. */
#ifndef SLATE_OWNER_STATE_H
#define SLATE_OWNER_STATE_H

#include <slate/owner.h>

#include "ledger.h"

extern const struct slate_site_calls slate_owner_calls_;

/* The account of an owner, or NULL. */
SLATE_INLINE struct slate_owner_account *
slate_owner_account_(const struct slate_owner *owner, unsigned int who)
{
	return who < owner->config->owners ? &owner->config->accounts[who] :
	       NULL;
}

/* Lock held: is so much more within the budget? */
SLATE_INLINE bool slate_owner_fits_(const struct slate_owner_account *account,
				    size_t size)
{
	return !account->budget || (account->live <= account->budget &&
				    size <= account->budget - account->live);
}

#endif /* SLATE_OWNER_STATE_H */
