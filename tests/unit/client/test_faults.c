/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Damaged answers over a real socket: cut at every byte, hostile framing,
 * damaged gzip, wrong lengths, answers of something that is no adapter.
 * A damaged answer is an error, never rows and then TDREST_DONE.
 */
#include "dialed.h"
#include "recording.h"

#include <strings.h>
#include <unistd.h>

static void begin(tdrt_handler *handler, const char *parameters, int serial)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    server.serial = serial;
    CU_ASSERT_FATAL(tdrt_server_start(&server, handler, NULL));
    conn = tdrt_dial(&server, parameters);
}

static int is_damage(int rc, const tdrest_error *err)
{
    return rc < 0 && err->code == rc && err->message[0] != '\0' &&
           (tdrest_class_is_a(err->cls, TDREST_CLASS_CONNECTION) || tdrest_class_is_a(err->cls, TDREST_CLASS_RESULT));
}

/* ---- cut at every byte ---- */

enum { RECORDINGS = 200, SHORT = 700 };

static tdrt_recording cut_bodies[RECORDINGS];
static int cut_count;

static int is_known(const tdrt_recording *r)
{
    for (int i = 0; i < cut_count; i++)
        if (cut_bodies[i].json_len == r->json_len && cut_bodies[i].status == r->status && memcmp(cut_bodies[i].body, r->body, r->json_len) == 0)
            return 1;
    return 0;
}

/* The short recorded answers of an adapter to SQL, each once; of the longer ones that with every type. */
static void load_bodies(void)
{
    static const char *const sets[] = {"adapter-3.4.1.12", "adapter-3.4.1.12-http-codes"};

    cut_count = 0;
    for (size_t set = 0; set < COUNT_OF(sets); set++)
        for (int i = 0; i < 200 && cut_count < RECORDINGS; i++) {
            tdrt_recording r;

            if (!tdrt_recording_read(sets[set], i, &r))
                continue;
            if (strncmp(r.target, "/rest/sql", 9) == 0 && r.body[0] == '{' && (r.len < SHORT || i == 15) && !is_known(&r))
                cut_bodies[cut_count++] = r;
            else
                tdrt_recording_free(&r);
        }
}

/* "cut PLACE of NUMBER end HOW": at odd places in small chunks, at even ones in one. */
static int answer_cut(const tdrt_visit *visit)
{
    const char *p = strstr(visit->sql, "cut ");
    char fields[160];
    unsigned place, number;
    int how;

    if (p == NULL || sscanf(p, "cut %u of %u end %d", &place, &number, &how) != 3)
        return 0;
    snprintf(fields, sizeof fields, "Content-Type: %s\r\n", cut_bodies[number].content_type);
    return tdrt_send_answer(visit, &(tdrt_answer){.status = cut_bodies[number].status, .fields = fields, .body = cut_bodies[number].body,
                                                  .len = cut_bodies[number].json_len, .chunk = place % 2 == 1 ? 1 + place % 13 : 4096,
                                                  .end = how, .cut = place});
}

/* Whether an answer is an update's, for which the statement must not begin like a query. */
static const char *verb_for(const tdrt_recording *r)
{
    return strstr(r->body, "affected_rows") == NULL ? "select cut" : "cut";
}

static int cut_everywhere(int number, int how)
{
    const tdrt_recording *r = &cut_bodies[number];
    size_t last = how == TDRT_ENDED ? r->json_len - 1 : r->json_len;
    int count = 0;

    for (size_t place = (size_t)number % TDRT_SLOW; place <= last; place += TDRT_SLOW, count++) {
        char sql[64];
        tdrest_error err;
        int64_t rows;
        int rc;

        snprintf(sql, sizeof sql, "%s %zu of %d end %d", verb_for(r), place, number, how);
        rc = tdrt_dial_ask(conn, sql, NULL, &rows, &err);
        if (!is_damage(rc, &err))
            CHECK(0, "%s, %s: %d (class %s) after %" PRId64 " rows: %s", r->name, sql, rc, tdrest_class_name(err.cls), rows, err.message);
    }
    return count;
}

static void cut_at_every_byte(void)
{
    int count = 0;

    load_bodies();
    begin(answer_cut, "", 1);
    for (int i = 0; i < cut_count; i++)
        for (int how = TDRT_ENDED; how <= TDRT_RESET; how++)
            count += cut_everywhere(i, how);
    printf(" %d answers, %d cuts ", cut_count, count);
    CU_ASSERT(cut_count >= 40);
    finish();
    while (cut_count > 0)
        tdrt_recording_free(&cut_bodies[--cut_count]);
}

/* ---- gzip ---- */

static char *zipped; /* the answer that is asked for, and the same damaged */
static size_t zipped_len;

enum { BEHIND_HEADER = 10 };

static int answer_gzip(const tdrt_visit *visit)
{
    static const char fields[] = TDRT_JSON "Content-Encoding: gzip\r\n";
    tdrt_answer a = {.fields = fields, .body = zipped, .len = zipped_len, .chunk = 4096};
    unsigned place = 0;

    if (strcasestr(visit->head, "\r\nAccept-Encoding: gzip\r\n") == NULL || sscanf(visit->sql, "select %*s %u", &place) == 0)
        return 0;
    if (strstr(visit->sql, "ended") != NULL) {
        a.end = TDRT_ENDED;
        a.cut = place;
    } else if (strstr(visit->sql, "unchunked") != NULL) {
        a.chunk = 0;
    } else if (strstr(visit->sql, "damaged") != NULL) {
        zipped[place] = (char)(zipped[place] ^ 0x10);
        tdrt_send_answer(visit, &a);
        zipped[place] = (char)(zipped[place] ^ 0x10);
        return 1;
    }
    return tdrt_send_answer(visit, &a);
}

/* All values of an answer in one number (FNV-1a), and how it ended. */
static int ask_gzip(const char *what, size_t place, uint64_t *sum, tdrest_error *err)
{
    char sql[64];
    tdrest_result *res;
    const char *text;
    int rc;

    *sum = 0xcbf29ce484222325u;
    snprintf(sql, sizeof sql, "select %s %zu", what, place);
    rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);
    *err = *tdrest_conn_error(conn);
    if (rc != TDREST_OK)
        return rc;
    while ((rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0, n; i < tdrest_result_column_count(res); i++) {
            (void)tdrest_result_text(res, i, &text, &n);
            for (n++; n-- > 0; text++)
                *sum = (*sum ^ (unsigned char)*text) * 0x100000001b3u;
        }
    *err = *tdrest_result_error(res);
    tdrest_result_free(res);
    return rc;
}

/*
 * Places of a compressed answer, `step` apart: ended there, and with a bit changed there. Where that changes nothing (the end of the
 * file holds no data, the same text can be pointed to in two places) the whole answer must come.
 */
static void gzip_damage(size_t step, uint64_t expected)
{
    static const char *const ways[] = {"ended", "damaged"};
    size_t harmless = 0;

    for (size_t place = 0; place < zipped_len; place += step)
        for (size_t way = 0; way < (place < BEHIND_HEADER ? 1u : 2u); way++) {
            tdrest_error err;
            uint64_t sum;
            int rc = ask_gzip(ways[way], place, &sum, &err);

            harmless += rc == TDREST_DONE;
            if (!is_damage(rc, &err) && !(rc == TDREST_DONE && sum == expected))
                CHECK(0, "%s %zu: %s: %s", ways[way], place, tdrest_code_name(rc), err.message);
        }
    CHECK(harmless <= 12, "%zu of %zu places do no harm", harmless, zipped_len);
}

static void gzip_of(const char *file, size_t step)
{
    char command[256], kept[] = "/tmp/tdrt-gzip-XXXXXX";
    tdrest_error err;
    uint64_t sum, again;
    int fd = mkstemp(kept);

    snprintf(command, sizeof command, strstr(file, "gzip") == NULL ? "gzip -9nc < %s > %s" : "cat < %s > %s", file, kept);
    CU_ASSERT_FATAL(fd >= 0 && system(command) == 0);
    zipped = tdrt_file_read(kept, &zipped_len);
    close(fd);
    remove(kept);
    CU_ASSERT_FATAL(zipped != NULL && zipped_len > 100);
    begin(answer_gzip, "?compression=true", 0);
    CHECK_INT(ask_gzip("whole", 0, &sum, &err), TDREST_DONE);
    CHECK_INT(ask_gzip("unchunked", 0, &again, &err), TDREST_DONE);
    CU_ASSERT(sum == again);
    gzip_damage(step, sum);
    finish();
    free(zipped);
}

#define CAPTURES "tests/data/captures/adapter-3.4.1.12/"

static void gzip_damaged(void)
{
    gzip_of(CAPTURES "021-select-every-type-stable-with-json-tag.response", 1);
    gzip_of(CAPTURES "063-select-20000-rows-gzip.response", 190752 / 30);
}

/* ---- framing ---- */

/* What follows some answers of adapters 3.3.7 and later. */
#define STRAY "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\0\0\xff\xff\0\0\0\0\0\0\0\0"
#define SYNTAX "{\"code\":9728,\"desc\":\"syntax error near \\\"x\\\"\"}"
#define FAKE "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno\n"
#define HEAD "HTTP/1.1 200 OK\r\n" TDRT_JSON
#define CHUNKED HEAD "Transfer-Encoding: chunked\r\n\r\n"
/* A literal and its bytes, NULs in it included. */
#define BYTES(literal) literal, sizeof literal - 1

typedef struct scene {
    const char *sql;
    const char *raw; /* the whole of what is sent; NULL: answer */
    size_t raw_len;
    int stays;       /* 1: raw leaves the connection open; 0: closed; -1: reset */
    tdrt_answer answer;
    int code;        /* of the end */
    int64_t rows;    /* given before */
    int phase;
} scene;

static const scene scenes[] = {
    /* The 23 bytes behind the JSON: as a chunk, in the last chunk, within Content-Length; other bytes and too few are no such thing. */
    {"stray chunk", BYTES(CHUNKED "2\r\n{\"\r\n4d\r\ncode\":0,\"column_meta\":[[\"c\",\"INT\",4]],\"data\":[[1],[2],[3]],\"rows\":3,\"a\":1}  "
                          "\r\n17\r\n" STRAY "\r\n0\r\n\r\n"), 1, {0}, TDREST_DONE, 3, 0},
    {"stray tail", NULL, 0, 0, {.body = TDRT_THREE STRAY, .len = sizeof TDRT_THREE STRAY - 1, .chunk = 4096}, TDREST_DONE, 3, 0},
    {"stray split", NULL, 0, 0, {.body = TDRT_THREE STRAY, .len = sizeof TDRT_THREE STRAY - 1, .chunk = 1, .drip = 3}, TDREST_DONE, 3, 0},
    {"stray length", NULL, 0, 0, {.body = TDRT_THREE STRAY, .len = sizeof TDRT_THREE STRAY - 1}, TDREST_DONE, 3, 0},
    {"stray error", NULL, 0, 0, {.body = SYNTAX STRAY, .len = sizeof SYNTAX STRAY - 1}, TDREST_ESERVER, 0, TDREST_PHASE_READ},
    {"stray cut", NULL, 0, 0, {.body = TDRT_THREE STRAY, .len = sizeof TDRT_THREE STRAY - 2}, TDREST_EANSWER, 3, TDREST_PHASE_READ},
    {"stray other", NULL, 0, 0, {.body = TDRT_THREE "\n}", .chunk = 4096}, TDREST_EANSWER, 3, TDREST_PHASE_READ},
    /* Lengths that are wrong. */
    {"length short", NULL, 0, 0, {.body = TDRT_THREE, .more_promised = -8}, TDREST_EANSWER, 3, TDREST_PHASE_READ},
    {"length long, closed", NULL, 0, 0, {.body = TDRT_THREE, .more_promised = 8, .end = TDRT_CLOSED, .cut = sizeof TDRT_THREE - 1},
     TDREST_ECONNECT, 3, TDREST_PHASE_READ},
    {"length long, open", NULL, 0, 0, {.body = TDRT_THREE, .more_promised = 8}, TDREST_ETIMEOUT, 3, TDREST_PHASE_READ},
    {"length and another answer", NULL, 0, 0, {.body = TDRT_THREE FAKE, .more_promised = 1 - (int)sizeof FAKE}, TDREST_DONE, 3, 0},
    {"length missing", BYTES(HEAD "\r\n" TDRT_THREE), 0, {0}, TDREST_DONE, 3, 0},
    {"length missing, cut", BYTES(HEAD "\r\n" TDRT_INTS("[1],[2]")), 0, {0}, TDREST_EANSWER, 2, TDREST_PHASE_READ},
    {"length missing, reset", BYTES(HEAD "\r\n" TDRT_INTS("[1],[2]")), -1, {0}, TDREST_ECONNECT, -1, TDREST_PHASE_READ},
    /* Framing as odd as HTTP allows, and more than it allows. */
    {"chunks of one byte", NULL, 0, 0, {.body = TDRT_THREE, .chunk = 1}, TDREST_DONE, 3, 0},
    {"writes of one byte", NULL, 0, 0, {.body = TDRT_THREE, .chunk = 7, .drip = 1}, TDREST_DONE, 3, 0},
    {"chunk extension, trailer", BYTES(CHUNKED "000000000000005E;x=\"1\"\r\n" "{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4]],"
     "\"data\":[[1],[2],[3]],\"rows\":3,\"timing\":1234567890123} \r\n0\r\nX-Trailer: a\r\n\r\n"), 1, {0}, TDREST_DONE, 3, 0},
    {"100 before", BYTES("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" TDRT_JSON "Content-Length: 78\r\n\r\n"
     "{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4]],\"data\":[[1],[2],[3]],\"rows\":3,\"a\":1}  "), 1, {0}, TDREST_DONE, 3, 0},
    {"chunk size no number", BYTES(CHUNKED "zz\r\n" TDRT_THREE "\r\n0\r\n\r\n"), 0, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_READ},
    {"chunk size too long", BYTES(CHUNKED "ffffffffffffffffff\r\n" TDRT_THREE "\r\n0\r\n\r\n"), 0, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_READ},
    {"chunk without its end", BYTES(CHUNKED "4\r\n{\"co0\r\n\r\n"), 0, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_READ},
    /* The connection ends before there is an answer. */
    {"close at once", "", 0, 0, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_WAIT},
    {"reset at once", "", 0, -1, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_WAIT},
    {"close in the status", BYTES("HTTP/1.1 20"), 0, {0}, TDREST_ECONNECT, 0, -1},
    {"close in the headers", BYTES("HTTP/1.1 200 OK\r\nContent-"), 0, {0}, TDREST_EANSWER, 0, TDREST_PHASE_READ},
    {"reset after the status", BYTES("HTTP/1.1 200 OK\r\n"), -1, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_READ},
    {"reset after the headers", BYTES(CHUNKED), -1, {0}, TDREST_ECONNECT, 0, TDREST_PHASE_READ},
    /* No HTTP, or not the HTTP that was asked for. */
    {"HTTP/0.9", BYTES(TDRT_THREE), 0, {0}, TDREST_ENOTADAPTER, 0, -1},
    {"SSH", BYTES("SSH-2.0-OpenSSH_9.2p1\r\n"), 0, {0}, TDREST_ENOTADAPTER, 0, -1},
    {"noise", BYTES("\0\1\2\3\377\376\375\374garbage\r\n\r\n"), 0, {0}, TDREST_ENOTADAPTER, 0, -1},
    {"HTTP/7", BYTES("HTTP/7.3 200 OK\r\n\r\n"), 0, {0}, TDREST_ENOTADAPTER, 0, -1},
    {"HTTP/2", BYTES("HTTP/2 200\r\n\r\n"), 0, {0}, TDREST_EANSWER, 0, -1},
    {"a web page", NULL, 0, 0, {.fields = "Content-Type: text/html\r\n", .body = "<html>It works!</html>"}, TDREST_ENOTADAPTER, 0, -1},
    {"other JSON", NULL, 0, 0, {.body = "[1,2,3]"}, TDREST_ENOTADAPTER, 0, -1},
    {"no body", NULL, 0, 0, {.body = ""}, TDREST_EANSWER, 0, TDREST_PHASE_READ},
    {"no chunk", NULL, 0, 0, {.body = "", .chunk = 1}, TDREST_EANSWER, 0, TDREST_PHASE_READ},
    {"gzip of nothing", NULL, 0, 0, {.fields = TDRT_JSON "Content-Encoding: gzip\r\n", .body = ""}, TDREST_EANSWER, 0, TDREST_PHASE_READ},
    {"gzip not asked for", NULL, 0, 0, {.fields = TDRT_JSON "Content-Encoding: gzip\r\n", .body = "\x1f\x8b\x08\xff\xff"},
     TDREST_EANSWER, 0, TDREST_PHASE_READ},
};

static int answer_scene(const tdrt_visit *visit)
{
    if (strcmp(visit->sql, "select three") == 0)
        return tdrt_send_three(visit);
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        const scene *s = &scenes[i];

        if (strcmp(visit->sql + 7, s->sql) != 0)
            continue;
        if (s->raw == NULL)
            return tdrt_send_answer(visit, &s->answer);
        if (s->raw_len > 0)
            (void)tdrt_send(visit, s->raw, s->raw_len);
        return s->stays < 0 ? tdrt_reset(visit) : s->stays;
    }
    return 0;
}

/* Asks; where a stall is what ends it with a limit so long that all that comes before it has come. The number of requests. */
static int ask_scene(const scene *s, const char *sql, int *rc, int64_t *rows, tdrest_error *err)
{
    tdrest_call call = TDREST_CALL_INIT;
    int asked;

    call.stall_timeout_ms = s->code == TDREST_ETIMEOUT ? 200 : 60000;
    for (asked = 1; (*rc = tdrt_dial_ask(conn, sql, &call, rows, err)) == TDREST_ETIMEOUT && *rows < s->rows && call.stall_timeout_ms < 10000; asked++)
        call.stall_timeout_ms *= 2;
    return asked;
}

static void framing(void)
{
    begin(answer_scene, "", 0);
    for (size_t i = 0; i < COUNT_OF(scenes); i++) {
        const scene *s = &scenes[i];
        char sql[64];
        tdrest_error err;
        int64_t rows;
        int rc, asked;

        snprintf(sql, sizeof sql, "select %s", s->sql);
        asked = ask_scene(s, sql, &rc, &rows, &err);
        CHECK(rc == s->code && (rows == s->rows || s->rows < 0), "%s: %s after %" PRId64 " rows: %s", s->sql, tdrest_code_name(rc), rows, err.message);
        CHECK(rc > 0 || s->phase < 0 || err.phase == s->phase, "%s: phase %d", s->sql, err.phase);
        CHECK(rc > 0 || tdrt_server_arrivals(&server, sql) == asked, "%s arrived %d times", sql, tdrt_server_arrivals(&server, sql));
        tdrt_dial_three(conn);
    }
    finish();
}

/* ---- answers without end ---- */

/* What comes over and over, 8 MB of it; then nothing, as if it went on for ever. */
typedef struct endless_case { const char *name, *begin, *more; int rc; const char *message; } endless_case;

#define SPACES "                                                                "
#define CHUNK_OF_SPACES "40\r\n" SPACES "\r\n"

static const endless_case endless_cases[] = {
    {"blanks", CHUNKED, CHUNK_OF_SPACES, TDREST_EANSWER, "the answer is empty"},
    {"error page", "HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n", CHUNK_OF_SPACES, TDREST_EGATEWAY, "cannot reach taosAdapter"},
    {"other JSON", CHUNKED "1\r\n[\r\n", CHUNK_OF_SPACES, TDREST_EANSWER, "truncated or not JSON"},
    {"error object", CHUNKED "9\r\n{\"code\":1\r\n", CHUNK_OF_SPACES, TDREST_EANSWER, "no rows within"},
    {"trailer", CHUNKED "46\r\n" TDRT_THREE "\r\n0\r\n", "X-Trailer: " SPACES ".\r\n", TDREST_ECONNECT, "headers of the answer are too long"},
    {"headers", "HTTP/1.1 200 OK\r\n", "X-Header: " SPACES ".\r\n", TDREST_ECONNECT, ""},
    {"interim answers", "", "HTTP/1.1 102 Processing\r\n\r\n", TDREST_ECONNECT, ""},
};

static int answer_without_end(const tdrt_visit *visit)
{
    enum { ENOUGH = 8 << 20, PATIENCE_MS = 20000 };
    const endless_case *c;
    static char many[1 << 16];
    size_t len = 0, more;
    unsigned i;

    if (sscanf(visit->sql, "select endless %u", &i) != 1 || i >= COUNT_OF(endless_cases))
        return 0;
    for (c = &endless_cases[i], more = strlen(c->more); len + more <= sizeof many; len += more)
        memcpy(many + len, c->more, more);
    (void)tdrt_send(visit, c->begin, strlen(c->begin));
    for (size_t sent = 0; sent < ENOUGH; sent += len)
        if (!tdrt_send(visit, many, len))
            return 0;
    tdrt_pause(PATIENCE_MS);
    return 0;
}

/* None is waited for to its end, which a limit on time would have to bring: there is none by default. */
static void without_end(void)
{
    begin(answer_without_end, "?stall_timeout_ms=10000", 0);
    for (size_t i = 0; i < COUNT_OF(endless_cases); i++) {
        char sql[64];
        tdrest_error err;
        int64_t rows;
        int rc = snprintf(sql, sizeof sql, "select endless %zu", i);

        rc = tdrt_dial_ask(conn, sql, NULL, &rows, &err);
        CHECK(rc == endless_cases[i].rc && strstr(err.message, endless_cases[i].message) != NULL, "%s: %s after %" PRId64 " rows: %s", endless_cases[i].name,
              tdrest_code_name(rc), rows, err.message);
    }
    finish();
}

/* ---- statuses ---- */

typedef struct status_case {
    int status;
    const char *fields, *body;
    int code, cls, repeat;
} status_case;

#define HTML "Content-Type: text/html\r\n"

static const status_case statuses[] = {
    {301, HTML "Location: http://127.0.0.1:1/\r\n", "<html>moved</html>", TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, TDREST_REPEAT_NO},
    {307, "Location: http://127.0.0.1:1/\r\n", "", TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, TDREST_REPEAT_NO},
    {400, "", "", TDREST_ESERVER, TDREST_CLASS_INTERFACE, TDREST_REPEAT_NO},
    {401, TDRT_JSON, "{\"code\":65535,\"desc\":\"auth failure: no auth header\"}", TDREST_EAUTH, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
    {401, HTML, "<html>who are you?</html>", TDREST_EAUTH, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
    {403, TDRT_JSON, "{\"code\":65535,\"desc\":\"whitelist prohibits current IP access\"}", TDREST_EAUTH, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
    {403, HTML, "<html>forbidden</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
    {407, HTML, "<html>who are you?</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
    {404, "Content-Type: text/plain\r\n", "404 page not found", TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, TDREST_REPEAT_NO},
    {429, HTML "Retry-After: 7\r\n", "<html>slow down</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_SAFE},
    {431, "", "", TDREST_ESERVER, TDREST_CLASS_INTERFACE, TDREST_REPEAT_NO},
    {500, "", "", TDREST_ESERVER, TDREST_CLASS_DATABASE, TDREST_REPEAT_NO},
    {502, HTML, "<html>bad gateway</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_IDEMPOTENT},
    {503, HTML, "<html>unavailable</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_IDEMPOTENT},
    {503, TDRT_JSON, "\"memory exceeds threshold\"", TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_SAFE},
    {503, TDRT_JSON "Retry-After: 120\r\n", "\"query memory exceeds threshold\"", TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_IDEMPOTENT},
    {503, TDRT_JSON, "{\"code\":65535,\"desc\":\"service unavailable\"}", TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_SAFE},
    {504, HTML, "<html>too slow</html>", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, TDREST_REPEAT_IDEMPOTENT},
    {200, TDRT_JSON, SYNTAX, TDREST_ESERVER, TDREST_CLASS_PROGRAMMING, TDREST_REPEAT_NO},
    {500, TDRT_JSON, TDRT_THREE, TDREST_EANSWER, TDREST_CLASS_RESULT, TDREST_REPEAT_IDEMPOTENT},
};

static int answer_status(const tdrt_visit *visit)
{
    unsigned i;

    if (sscanf(visit->sql, "select status %u", &i) != 1 || i >= COUNT_OF(statuses))
        return 0;
    return tdrt_send_answer(visit, &(tdrt_answer){.status = statuses[i].status, .fields = statuses[i].fields, .body = statuses[i].body,
                                                  .chunk = strstr(visit->sql, "chunked") == NULL ? 0 : 5});
}

static void statuses_of_http(void)
{
    begin(answer_status, "", 0);
    for (size_t i = 0; i < COUNT_OF(statuses) * 2; i++) {
        const status_case *s = &statuses[i / 2];
        char sql[64];
        tdrest_error err;
        int64_t rows;
        int rc;

        snprintf(sql, sizeof sql, "select status %zu%s", i / 2, i % 2 == 0 ? "" : " chunked");
        rc = tdrt_dial_ask(conn, sql, NULL, &rows, &err);
        CHECK(rc == s->code && err.cls == s->cls && err.repeat == s->repeat && err.http_status == s->status, "%d %s: %s, %s, repeat %d, HTTP %d: %s",
              s->status, s->body, tdrest_code_name(rc), tdrest_class_name(err.cls), err.repeat, err.http_status, err.message);
        CHECK_INT(err.retry_after_ms, strstr(s->fields, "Retry-After: 120") != NULL ? 120000 : strstr(s->fields, "Retry-After: 7") != NULL ? 7000 : -1);
        CHECK(tdrt_server_arrivals(&server, sql) == 1 && err.attempts == 1 && err.phase == TDREST_PHASE_READ, "%d: phase %d", s->status, err.phase);
    }
    CHECK_INT(atomic_load(&server.counts->connections), 1);
    finish();
}

CU_TestInfo tdrt_faults[] = {
    {"cut at every byte", cut_at_every_byte},
    {"gzip, damaged and cut", gzip_damaged},
    {"framing", framing},
    {"answers without end", without_end},
    {"statuses of HTTP", statuses_of_http},
    CU_TEST_INFO_NULL,
};
