/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The failures of libcurl that are none of the link. Knows nothing of exchanges. */
#include "net/curl_error.h"

#include <curl/curl.h>
#include <tdrest.h>

int tdri_curl_error(int curl_code)
{
    switch (curl_code) {
    case CURLE_OPERATION_TIMEDOUT: return TDREST_ETIMEOUT;
    case CURLE_OUT_OF_MEMORY: return TDREST_ENOMEM;
    case CURLE_BAD_CONTENT_ENCODING: return TDREST_EANSWER;
    case CURLE_UNSUPPORTED_PROTOCOL: /* an answer without HTTP's status line */
    case CURLE_WEIRD_SERVER_REPLY: return TDREST_ENOTADAPTER;
    case CURLE_SSL_CERTPROBLEM: /* the files that the options name */
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_NOT_BUILT_IN: return TDREST_EOPTION;
    default: return TDREST_ECONNECT;
    }
}

int tdri_curl_error_distrusts(int curl_code)
{
    enum { OLD_PEER_FAILED_VERIFICATION = 51, SSL_CLIENTCERT = 98 }; /* before 7.62; since 7.77 */

    switch (curl_code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case OLD_PEER_FAILED_VERIFICATION:
    case SSL_CLIENTCERT: return 1;
    default: return 0;
    }
}
