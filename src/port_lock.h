/* SPDX-License-Identifier: MIT */
/* The port's lock for layers above the heap; nothing without it. */
#ifndef SLATE_PORT_LOCK_H
#define SLATE_PORT_LOCK_H

#include <slate/port.h>

SLATE_INLINE slate_port_key port_lock(void)
{
	if (SLATE_CONFIG_LOCK)
		return slate_port_lock();
	return (slate_port_key)0;
}

SLATE_INLINE void port_unlock(slate_port_key key)
{
	if (SLATE_CONFIG_LOCK)
		slate_port_unlock(key);
}

#endif /* SLATE_PORT_LOCK_H */
