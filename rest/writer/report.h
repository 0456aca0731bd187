/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The account of rows: counts, reports, the first failure. Sends nothing. */
#ifndef TDRI_WRITER_REPORT_H
#define TDRI_WRITER_REPORT_H

#include "writer/state.h"

/* Rows of a batch have their fate; err is the record of the request that brought it. Lanes whose rows are all settled may go on. */
void tdri_report_fate(tdrest_writer *w, tdri_batch *batch, const tdri_fate *fate, const tdrest_error *err);

/* Rows of a batch are in the spool: they are counted so, and their lane may go on. Nothing is told. */
void tdri_report_stowed(tdrest_writer *w, const tdri_batch_range *range);

/* What flush and close answer when no row is pending: TDREST_OK, or the first failure with the counts in the writer's record. */
int tdri_report_result(tdrest_writer *w);

#endif
