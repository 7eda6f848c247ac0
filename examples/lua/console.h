/* SPDX-License-Identifier: MIT */
#ifndef CONSOLE_H
#define CONSOLE_H

/* Open the three streams; before the first use of stdio. */
void console_init(void);

/*
 * The command line that the debugger or QEMU was given, for the caller to cut
 * up; "" without one.
 */
char *console_command_line(void);

#endif /* CONSOLE_H */
