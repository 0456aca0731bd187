/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What libcurl's failures are called here. What one means for the request is told by the bytes that left and came, not by this. */
#ifndef TDRI_CURL_ERROR_H
#define TDRI_CURL_ERROR_H

/* The code for a CURLcode that is not 0. TDREST_ECONNECT for most, and for those of a later libcurl. */
int tdri_curl_error(int curl_code);

/* Whether a certificate was refused: the host's, or ours by the host. */
int tdri_curl_error_distrusts(int curl_code);

#endif
