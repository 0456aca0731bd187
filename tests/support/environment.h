/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* For tests that change the environment's time zones: TZ and TZDIR are kept before, and restored behind. Knows nothing of zones. */
#ifndef TDRT_ENVIRONMENT_H
#define TDRT_ENVIRONMENT_H

/* NULL: it is not set. */
void tdrt_set_variable(const char *name, const char *value);
void tdrt_keep_environment(void);
void tdrt_restore_environment(void);

#endif
