/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What libcurl's failures are called, for every code that its header has. */
#include "test.h"

#include "net/curl_error.h"

#include <curl/curl.h>

/* Those that are not of the link. What a failure means for the request goes by bytes that left and came, so that all others need no judgement. */
static const struct { int curl_code, code; const char *why; } special[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, TDREST_ENOTADAPTER, "an answer without HTTP's status line"},
    {CURLE_WEIRD_SERVER_REPLY, TDREST_ENOTADAPTER, "a status line that is none"},
    {CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "ours"},
    {CURLE_OPERATION_TIMEDOUT, TDREST_ETIMEOUT, "a limit of ours"},
    {CURLE_NOT_BUILT_IN, TDREST_EOPTION, "an option that this libcurl or its TLS library does not know"},
    {CURLE_BAD_CONTENT_ENCODING, TDREST_EANSWER, "damaged gzip"},
    {CURLE_SSL_CERTPROBLEM, TDREST_EOPTION, "tls_cert_file or tls_key_file: not there, no PEM, or no pair"},
    {CURLE_SSL_CACERT_BADFILE, TDREST_EOPTION, "tls_ca_file: not there, or no PEM"},
    {CURLE_SSL_CRL_BADFILE, TDREST_EOPTION, "a file here, too"},
};

/* A certificate that was refused is refused again. By number: some have names since the version beside them only. */
static const int distrusts[] = {51 /* until 7.62 */, 60, 83, 90, 91, 98 /* since 7.77: ours */};

/* The last code of the newest libcurl that was looked at, 8.17. */
enum { LAST_KNOWN = 101, KNOWN_UP_TO = 0x0811ff };

static void every_code(void)
{
    for (int code = 1; code < CURL_LAST + 10; code++) {
        int expected = TDREST_ECONNECT, seen = tdri_curl_error(code);

        for (size_t i = 0; i < COUNT_OF(special); i++)
            if (special[i].curl_code == code)
                expected = special[i].code;
        CHECK(seen == expected, "%d (%s): %s", code, curl_easy_strerror((CURLcode)code), tdrest_code_name(seen));
        expected = 0;
        for (size_t i = 0; i < COUNT_OF(distrusts); i++)
            expected |= distrusts[i] == code;
        CHECK(tdri_curl_error_distrusts(code) == expected, "%d (%s): of a certificate or not", code, curl_easy_strerror((CURLcode)code));
    }
    if (CURL_LAST - 1 > LAST_KNOWN) {
        CHECK(LIBCURL_VERSION_NUM > KNOWN_UP_TO, "libcurl's header has codes up to %d; looked at are those up to %d", CURL_LAST - 1, LAST_KNOWN);
        printf(" libcurl has new codes, up to %d: to be looked at ", CURL_LAST - 1);
    }
}

CU_TestInfo tdrt_curl_error[] = {
    {"every code", every_code},
    CU_TEST_INFO_NULL,
};
