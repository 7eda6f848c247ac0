/* SPDX-License-Identifier: MIT */
#ifndef CLIENT_H
#define CLIENT_H

/* The program: 0 done, 1 out of memory, anything else is a mistake. */
int client(void);

#endif /* CLIENT_H */
