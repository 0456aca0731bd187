/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A writer's batches by way of its spool, instead of straight to the server. Everything is nothing for a writer without one. */
#ifndef TDRI_WRITER_STOW_H
#define TDRI_WRITER_STOW_H

#include "writer/state.h"

/* Opens the spool that the options name, if they do. */
int tdri_stow_open(tdrest_writer *w, const tdrest_options *options, tdrest_error *err);

/*
 * Puts the rows of a request, as tdri_lanes_take takes them, into the spool, which ends their stay in memory. TDREST_OK; TDREST_FULL, TDREST_ESPOOL or
 * TDREST_ENOMEM in the record: they stay where they are, and tdri_stow_refuses for a while.
 */
int tdri_stow_batch(tdrest_writer *w, int oldest_first);
/* 1: a batch was made that could not be stored; the next tdri_stow_batch tries it again. */
int tdri_stow_has_batch(const tdrest_writer *w);
/* Its rows are refused with that record. */
void tdri_stow_give_up(tdrest_writer *w, const tdrest_error *record);
/* The last failure, while it is too early for another try; TDREST_OK: none. */
int tdri_stow_refuses(const tdrest_writer *w);

/* Syncs and sends what is due. */
void tdri_stow_work(tdrest_writer *w);
/* Milliseconds until that has something to do; -1: nothing. */
int64_t tdri_stow_wait_ms(const tdrest_writer *w);
/* 1: everything in the spool is delivered. */
int tdri_stow_is_idle(const tdrest_writer *w);
int tdri_stow_in_flight(const tdrest_writer *w);

/* Makes durable what is not and closes the spool; what is not delivered stays there. TDREST_OK, or TDREST_ESPOOL in err. */
int tdri_stow_close(tdrest_writer *w, tdrest_error *err);

#endif
