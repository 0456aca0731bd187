/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The error record and the tables of codes and classes, written out here once more because their numbers and names are permanent. */
#include "test.h"

#include "error/record.h"

static const struct {
    int code, number, cls, repeat;
    const char *name, *text;
} codes[] = {
    {TDREST_EUSAGE, -1, TDREST_CLASS_INTERFACE, 0, "TDREST_EUSAGE", "invalid use of the function"},
    {TDREST_EOPTION, -2, TDREST_CLASS_INTERFACE, 0, "TDREST_EOPTION", "an option is unknown, malformed or out of range"},
    {TDREST_EBUSY, -3, TDREST_CLASS_INTERFACE, 0, "TDREST_EBUSY", "a result of this connection is still open"},
    {TDREST_ENOTADAPTER, -4, TDREST_CLASS_INTERFACE, 0, "TDREST_ENOTADAPTER", "the peer does not answer like a taosAdapter"},
    {TDREST_ECONNECT, -10, TDREST_CLASS_CONNECTION, 1, "TDREST_ECONNECT", "cannot reach the server, or the connection broke"},
    {TDREST_ETIMEOUT, -11, TDREST_CLASS_CONNECTION, 1, "TDREST_ETIMEOUT", "a time limit expired"},
    {TDREST_EAUTH, -12, TDREST_CLASS_CONNECTION, 0, "TDREST_EAUTH", "the login was refused"},
    {TDREST_EGATEWAY, -13, TDREST_CLASS_CONNECTION, 1, "TDREST_EGATEWAY", "a proxy or gateway answered in the server's place"},
    {TDREST_ESERVER, -20, TDREST_CLASS_DATABASE, 0, "TDREST_ESERVER", "the server rejected the statement, or failed"},
    {TDREST_EANSWER, -30, TDREST_CLASS_RESULT, 1, "TDREST_EANSWER", "the answer is broken or incomplete"},
    {TDREST_ENULL, -31, TDREST_CLASS_RESULT, 0, "TDREST_ENULL", "the value is NULL"},
    {TDREST_ETYPE, -32, TDREST_CLASS_RESULT, 0, "TDREST_ETYPE", "the value has another type"},
    {TDREST_ERANGE, -33, TDREST_CLASS_RESULT, 0, "TDREST_ERANGE", "the value does not fit"},
    {TDREST_EBIND, -40, TDREST_CLASS_STATEMENT, 0, "TDREST_EBIND", "a value cannot be written as SQL; nothing was sent"},
    {TDREST_EUNSUPPORTED, -41, TDREST_CLASS_NOTSUPPORTED, 0, "TDREST_EUNSUPPORTED", "not supported over HTTP"},
    {TDREST_ECANCELLED, -50, TDREST_CLASS_QUERY, 1, "TDREST_ECANCELLED", "the call was cancelled"},
    {TDREST_ENOMEM, -60, TDREST_CLASS_OPERATIONAL, 0, "TDREST_ENOMEM", "out of memory"},
    {TDREST_ESPOOL, -61, TDREST_CLASS_OPERATIONAL, 0, "TDREST_ESPOOL", "the files of the spool cannot be written or read"},
};

static const struct {
    int cls, number, parent;
    const char *name;
} classes[] = {
    {TDREST_CLASS_ERROR, 1, 0, "Error"},
    {TDREST_CLASS_INTERFACE, 2, 1, "InterfaceError"},
    {TDREST_CLASS_CONNECTION, 3, 1, "ConnectionError"},
    {TDREST_CLASS_DATABASE, 4, 1, "DatabaseError"},
    {TDREST_CLASS_DATA, 5, 4, "DataError"},
    {TDREST_CLASS_OPERATIONAL, 6, 4, "OperationalError"},
    {TDREST_CLASS_INTEGRITY, 7, 4, "IntegrityError"},
    {TDREST_CLASS_INTERNAL, 8, 4, "InternalError"},
    {TDREST_CLASS_PROGRAMMING, 9, 4, "ProgrammingError"},
    {TDREST_CLASS_NOTSUPPORTED, 10, 4, "NotSupportedError"},
    {TDREST_CLASS_STATEMENT, 11, 4, "StatementError"},
    {TDREST_CLASS_RESULT, 12, 4, "ResultError"},
    {TDREST_CLASS_SCHEMALESS, 13, 4, "SchemalessError"},
    {TDREST_CLASS_QUERY, 14, 4, "QueryError"},
    {TDREST_CLASS_TMQ, 15, 4, "TmqError"},
};

static void every_code(void)
{
    static const struct {
        int code;
        const char *name;
    } good[] = {{0, "TDREST_OK"}, {1, "TDREST_ROW"}, {2, "TDREST_DONE"}, {3, "TDREST_FULL"}};
    size_t known = 0;

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        tdrest_error err;

        CHECK_INT(codes[i].code, codes[i].number);
        CHECK_TEXT(tdrest_code_name(codes[i].code), codes[i].name);
        CHECK_TEXT(tdrest_code_text(codes[i].code), codes[i].text);
        tdri_err_reset(&err);
        CHECK_INT(tdri_err_set(&err, codes[i].code, NULL), codes[i].number);
        CHECK_INT(err.code, codes[i].number);
        CHECK_INT(err.cls, codes[i].cls);
        CHECK_INT(err.repeat, codes[i].repeat);
        CHECK_INT(err.ran, codes[i].code == TDREST_EUSAGE || codes[i].code == TDREST_EBIND || codes[i].cls == TDREST_CLASS_NOTSUPPORTED ||
                               (codes[i].code <= TDREST_ENULL && codes[i].code >= TDREST_ERANGE) || codes[i].code == TDREST_EOPTION ||
                               codes[i].code == TDREST_EBUSY ? TDREST_RAN_NO : TDREST_RAN_MAYBE);
        CHECK_TEXT(err.message, codes[i].text);
    }
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        CHECK_TEXT(tdrest_code_name(good[i].code), good[i].name);
        CHECK_TEXT(tdrest_code_text(good[i].code), "");
    }
    for (int code = -1100; code < 1100; code++) {
        known += strcmp(tdrest_code_name(code), "TDREST_?") != 0;
        CHECK((tdrest_code_text(code)[0] != '\0') == (code < 0 && strcmp(tdrest_code_name(code), "TDREST_?") != 0), "code %d", code);
    }
    CHECK_INT(known, COUNT_OF(codes) + COUNT_OF(good));
}

static void every_class(void)
{
    for (int cls = -10; cls < 1100; cls++) {
        const char *name = cls >= 1 && cls <= (int)COUNT_OF(classes) ? classes[cls - 1].name : "";

        CHECK_TEXT(tdrest_class_name(cls), name);
    }
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        CHECK(classes[i].cls == classes[i].number && classes[i].number == (int)i + 1, "%s is %d", classes[i].name, classes[i].cls);
}

static void hierarchy(void)
{
    for (int cls = -1; cls <= 17; cls++)
        for (int ancestor = -1; ancestor <= 17; ancestor++) {
            int known = cls >= 1 && cls <= 15 && ancestor >= 1 && ancestor <= 15;
            int expected = known && (cls == ancestor || classes[cls - 1].parent == ancestor || ancestor == TDREST_CLASS_ERROR);

            CHECK(tdrest_class_is_a(cls, ancestor) == expected, "class %d, ancestor %d: expected %d", cls, ancestor, expected);
        }
    CU_ASSERT(tdrest_class_is_a(TDREST_CLASS_END_, TDREST_CLASS_END_) == 0);
}

static void check_empty(const tdrest_error *err)
{
    CHECK_INT(err->size, sizeof(tdrest_error));
    CHECK(err->code == 0 && err->cls == 0 && err->server_code == 0 && err->http_status == 0 && err->curl_code == 0, "numbers are left");
    CHECK(err->phase == 0 && err->attempts == 0 && err->repeat == 0 && err->req_id == 0 && err->ran == 0, "numbers are left");
    CHECK_INT(err->retry_after_ms, -1);
    CHECK_INT(err->row, -1);
    CHECK_INT(err->column, -1);
    CHECK_INT(err->offset, -1);
    CHECK_TEXT(err->message, "");
    CHECK_TEXT(err->endpoint, "");
    CHECK_TEXT(err->hosts, "");
    CHECK_TEXT(err->first_cause, "");
}

static void empty(void)
{
    tdrest_error err;

    memset(&err, 0x5a, sizeof err);
    tdri_err_reset(&err);
    check_empty(&err);
    check_empty(tdri_err_none());
}

static void first_wins(void)
{
    tdrest_error err, kept;
    int rc;

    tdri_err_reset(&err);
    rc = tdri_err_set_at(&err, TDREST_EOPTION, 17, "port is %d, expected 1 ... %s", 70000, "65535");
    CHECK_INT(rc, TDREST_EOPTION);
    CHECK_TEXT(err.message, "port is 70000, expected 1 ... 65535");
    CHECK_INT(err.offset, 17);
    kept = err;
    rc = tdri_err_set(&err, TDREST_ENOMEM, "%s", "later");
    CHECK_INT(rc, TDREST_EOPTION);
    CHECK_INT(tdri_err_set_at(&err, TDREST_EANSWER, 3, NULL), TDREST_EOPTION);
    CU_ASSERT(memcmp(&kept, &err, sizeof err) == 0);
    tdri_err_reset(&err);
    rc = tdri_err_set(&err, TDREST_ECONNECT, "%s", "again");
    CHECK_INT(rc, TDREST_ECONNECT);
    CHECK_TEXT(err.message, "again");
    CHECK_INT(err.offset, -1);
    CHECK_INT(err.repeat, TDREST_REPEAT_IDEMPOTENT);
}

static void known_place_is_kept(void)
{
    tdrest_error err;

    tdri_err_reset(&err);
    err.offset = 5;
    err.row = 6;
    err.column = 7;
    (void)tdri_err_set(&err, TDREST_EANSWER, NULL);
    CU_ASSERT(err.offset == 5 && err.row == 6 && err.column == 7);
}

static void control_bytes(void)
{
    for (int c = 1; c < 256; c++) {
        char text[4] = {'a', (char)c, 'b', '\0'}, expected[4] = {'a', c < 0x20 || c >= 0x7f ? '?' : (char)c, 'b', '\0'};
        tdrest_error err;

        tdri_err_reset(&err);
        (void)tdri_err_set(&err, TDREST_ESERVER, "%s", text);
        CHECK(strcmp(err.message, expected) == 0, "byte %d", c);
    }
}

/* A character of `n` bytes over and over, `lead` bytes in front: cut at every place that it can have. */
static void cut(void)
{
    static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    enum { ROOM = sizeof ((tdrest_error *)NULL)->message };

    for (size_t n = 1; n <= COUNT_OF(characters); n++)
        for (size_t lead = 0; lead < 4; lead++)
            for (size_t len = ROOM - 9; len < ROOM + 9; len++) {
                char text[ROOM + 20];
                size_t at = lead, whole;
                tdrest_error err;

                memset(text, 'a', sizeof text);
                for (; at + n <= len; at += n)
                    memcpy(text + at, characters[n - 1], n);
                text[at] = '\0';
                tdri_err_reset(&err);
                (void)tdri_err_set(&err, TDREST_ESERVER, "%s", text);
                if (at < ROOM) {
                    CHECK(strcmp(err.message, text) == 0, "%zu bytes of %zu-byte characters are changed", at, n);
                    continue;
                }
                whole = lead + (ROOM - 4 - lead) / n * n;
                CHECK(strlen(err.message) == whole + 3 && memcmp(err.message, text, whole) == 0 && strcmp(err.message + whole, "...") == 0,
                      "%zu bytes of %zu-byte characters became %zu", at, n, strlen(err.message));
            }
}

/* What is not UTF-8 is cut too, and loses no more than a character could have. */
static void cut_of_bytes(void)
{
    char text[1000];
    tdrest_error err;
    size_t len;

    memset(text, 0x80, sizeof text);
    text[sizeof text - 1] = '\0';
    tdri_err_reset(&err);
    (void)tdri_err_set(&err, TDREST_ESERVER, "%s", text);
    len = strlen(err.message);
    CHECK(len >= sizeof err.message - 4 && strcmp(err.message + len - 3, "...") == 0, "%zu bytes", len);
}

/* More behind a message: one line, cut at a character like the message itself. */
static void added(void)
{
    char long_text[700];
    tdrest_error err;

    tdri_err_reset(&err);
    (void)tdri_err_set(&err, TDREST_ESERVER, "a");
    tdri_err_add(&err, " (%s\n)", "b");
    CHECK_TEXT(err.message, "a (b?)");
    memset(long_text, 'x', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    tdri_err_add(&err, "%s", long_text);
    CHECK_INT(strlen(err.message), sizeof err.message - 1);
    CHECK_TEXT(err.message + sizeof err.message - 5, "x...");
    tdri_err_add(&err, "more");
    CHECK_INT(strlen(err.message), sizeof err.message - 1);
}

/* What terminals obey, what breaks a line, and what is not UTF-8, wherever it comes from. */
static void other_characters(void)
{
    static const struct { const char *text, *message; } table[] = {
        {"a\xc2\x80z \xc2\x9b z\xc2\x85", "a??z ?? z??"}, {"\xe2\x80\xa8\xe2\x80\xa9", "??????"}, {"\xc2\xa0\xe2\x80\xa7\xe2\x80\xaa", "\xc2\xa0\xe2\x80\xa7\xe2\x80\xaa"},
        {"\xff\xfe" "a\x80", "??a?"}, {"\xed\xa0\x80", "???"}, {"\xc0\xaf", "??"}, {"\xf4\x90\x80\x80", "????"}, {"\xe6\xb8", "??"}, {"\xe6\xb8\xa9\xe5\xba\xa6", "\xe6\xb8\xa9\xe5\xba\xa6"},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdrest_error err;

        tdri_err_reset(&err);
        (void)tdri_err_set(&err, TDREST_ESERVER, "%s", table[i].text);
        CHECK_TEXT(err.message, table[i].message);
    }
}

CU_TestInfo tdrt_record[] = {
    {"more behind a message", added},
    {"every code", every_code},
    {"every class", every_class},
    {"hierarchy", hierarchy},
    {"empty record", empty},
    {"first error wins", first_wins},
    {"known place is kept", known_place_is_kept},
    {"control bytes", control_bytes},
    {"controls of two bytes, other bytes than UTF-8", other_characters},
    {"cut between characters", cut},
    {"cut of other bytes", cut_of_bytes},
    CU_TEST_INFO_NULL,
};
