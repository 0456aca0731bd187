/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Headers that a program adds. */
#include "test.h"

#include "config/options.h"

#define TEXT_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NAME_128 TEXT_64 TEXT_64

static tdrest_options *fresh(void)
{
    tdrest_options *options;

    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    return options;
}

static const struct { const char *name, *value; } good[] = {
    {"X-Api-Key", "k"}, {"apikey", "a b\tc"}, {"x!#$%&'*+-.^_`|~9", "v: w; x=\"y\""}, {"Cookie", "a=b"}, {"Proxy", "p"}, {"Hosts", "h"}, {"x", "\xc3\xa9\x80"},
    {NAME_128, "v"}, {"Ocp-Apim-Subscription-Key", ":"},
};

/* The value s3cr3t is in no message. */
static const struct { const char *name, *value, *message; } bad[] = {
    {"", "s3cr3t", "a header's name: expected 1 to 128 letters"}, {"X-Key ", "s3cr3t", "without spaces or colons"}, {" X-Key", "s3cr3t", "name"},
    {"X-Key:", "s3cr3t", "name"}, {"X-Key : v", "s3cr3t", "name"}, {"X\tKey", "s3cr3t", "name"}, {"X-Key\r\nX", "s3cr3t", "name"}, {"X(Key)", "s3cr3t", "name"},
    {"X-K\xc3\xa9y", "s3cr3t", "name"}, {"X;", "s3cr3t", "name"}, {NAME_128 "x", "s3cr3t", "name"},
    {"X-Key", "", "the header X-Key: expected a value of 1 to 4096 bytes"}, {"X-Key", "s3cr3t\r", "value"}, {"X-Key", "s3cr3t\n", "value"}, {"X-Key", "s3cr3t\r\nHost: evil", "value"},
    {"X-Key", "\ns3cr3t", "value"}, {"X-Key", "s3\x01" "cr3t", "value"}, {"X-Key", "s3cr3t\x7f", "value"}, {"X-Key", " s3cr3t", "spaces at either end"},
    {"X-Key", "s3cr3t ", "value"}, {"X-Key", "\ts3cr3t", "value"}, {"X-Key", "s3cr3t\t", "value"}, {"X-Key", " ", "value"},
    {"Accept", "s3cr3t", "the header Accept is the library's own"}, {"accept-encoding", "s3cr3t", "Accept-Encoding"}, {"AUTHORIZATION", "s3cr3t", "Authorization"},
    {"connection", "s3cr3t", "Connection"}, {"Content-Encoding", "gzip", "own"}, {"content-length", "1", "Content-Length"}, {"Content-Type", "s3cr3t", "Content-Type"},
    {"Expect", "100-continue", "Expect"}, {"host", "s3cr3t", "Host"}, {"Keep-Alive", "s3cr3t", "own"}, {"Range", "bytes=0-1", "own"}, {"TE", "s3cr3t", "own"},
    {"Trailer", "s3cr3t", "own"}, {"Transfer-Encoding", "chunked", "own"}, {"Upgrade", "s3cr3t", "own"}, {"user-agent", "s3cr3t", "User-Agent"},
    {"Proxy-Authorization", "s3cr3t", "begin with Proxy-"}, {"proxy-connection", "s3cr3t", "begin with Proxy-"},
};

static void taken(void)
{
    tdrest_options *options = fresh();

    for (size_t i = 0; i < COUNT_OF(good); i++)
        CHECK(tdrest_options_add_header(options, good[i].name, good[i].value) == TDREST_OK, "%s: %s: %s", good[i].name, good[i].value,
              tdrest_options_error(options)->message);
    CHECK_INT(options->header_count, COUNT_OF(good));
    CHECK_TEXT(options->headers[0], "X-Api-Key: k");
    CHECK_TEXT(options->headers[1], "apikey: a b\tc");
    tdrest_options_free(options);
}

static void refused(void)
{
    tdrest_options *options = fresh();
    const tdrest_error *err = tdrest_options_error(options);

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK(tdrest_options_add_header(options, bad[i].name, bad[i].value) == TDREST_EOPTION && err->code == TDREST_EOPTION, "%s: %s is taken", bad[i].name,
              bad[i].value);
        CHECK(strstr(err->message, bad[i].message) != NULL && strstr(err->message, "s3") == NULL, "%s: \"%s\"", bad[i].name, err->message);
    }
    CHECK_INT(tdrest_options_add_header(options, NULL, "v"), TDREST_EUSAGE);
    CHECK_INT(tdrest_options_add_header(options, "X", NULL), TDREST_EUSAGE);
    CHECK_INT(options->header_count, 0);
    tdrest_options_free(options);
}

static void most(void)
{
    tdrest_options *options = fresh();
    const tdrest_error *err = tdrest_options_error(options);
    char name[16];

    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "X-%d", i);
        CHECK_INT(tdrest_options_add_header(options, name, "s3cr3t"), TDREST_OK);
    }
    CHECK_INT(tdrest_options_add_header(options, "x-9", "s3cr3t"), TDREST_EOPTION);
    CHECK_TEXT(err->message, "the header x-9 was already added");
    CHECK_INT(tdrest_options_add_header(options, "X-10", "s3cr3t"), TDREST_EOPTION);
    CHECK_TEXT(err->message, "headers: expected at most 10");
    CHECK_INT(options->header_count, 10);
    tdrest_options_free(options);
}

static void long_values(void)
{
    tdrest_options *options = fresh();
    char value[4098];

    memset(value, 'v', sizeof value);
    value[4097] = '\0';
    CHECK_INT(tdrest_options_add_header(options, "X", value), TDREST_EOPTION);
    value[4096] = '\0';
    CHECK_INT(tdrest_options_add_header(options, "X", value), TDREST_OK);
    CHECK_INT(strlen(options->headers[0]), 4099);
    tdrest_options_free(options);
}

/* Copies have them; a DSN that is read later, well or not, leaves them alone; no formatted DSN has one. */
static void kept(void)
{
    tdrest_options *options = fresh(), *copy;
    char text[128];

    CHECK_INT(tdrest_options_add_header(options, "X-Key", "s3cr3t"), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, "http://h?app=x"), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, "http://h?app="), TDREST_EOPTION);
    CHECK_INT(tdri_opts_copy(options, &copy), TDREST_OK);
    CHECK_INT(tdrest_options_format(options, text, sizeof text, NULL), TDREST_OK);
    CHECK_TEXT(text, "http://h?app=x");
    tdrest_options_free(options);
    CHECK_INT(copy->header_count, 1);
    CHECK_TEXT(copy->headers[0], "X-Key: s3cr3t");
    tdrest_options_free(copy);
}

CU_TestInfo tdrt_header[] = {
    {"taken", taken},
    {"refused", refused},
    {"most", most},
    {"long values", long_values},
    {"kept", kept},
    CU_TEST_INFO_NULL,
};
