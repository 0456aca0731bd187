/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The judge against tests/data/outcomes.csv, which says why for each of its rows: every server code with every status, every failure of ours in every
 * phase, for both endpoints, with the body of the request gone whole or not.
 */
#include "test.h"

#include "error/outcome.h"
#include "error/servercode.h"

#ifndef TDRT_DATA
#define TDRT_DATA "tests/data"
#endif

enum { QUESTION, ENDPOINT, CODE, SERVER, STATUS, PHASE, BODY, SAYS, VERDICT, REASON, COLUMNS };
enum { ROWS_MAX = 300, RANGES_MAX = 24, UNKNOWN_CODE = 0xea60 };

typedef struct range {
    int from, to;
} range;

/* What of one column fits; no ranges: anything. */
typedef struct pattern {
    range ranges[RANGES_MAX];
    int count;
} pattern;

typedef struct row {
    pattern columns[VERDICT];
    int verdict, line, used;
} row;

static row rows[ROWS_MAX];
static int row_count;

/* ---- reading the table ---- */

typedef struct word {
    const char *text;
    int number;
} word;

#define CODE_WORD(name, number, cls, repeat, text) {#name, number},
static const word words[] = {
    {"ran", 0}, {"again", 1}, {"sql", 0}, {"lines", 1}, {"short", 0}, {"left", 1},
    {"none", 0}, {"prepare", TDREST_PHASE_PREPARE}, {"connect", TDREST_PHASE_CONNECT}, {"send", TDREST_PHASE_SEND}, {"wait", TDREST_PHASE_WAIT},
    {"read", TDREST_PHASE_READ}, {"maybe", TDREST_RAN_MAYBE},
    {"never", TDRI_NEVER}, {"at once", TDRI_AT_ONCE}, {"later", TDRI_LATER}, {"elsewhere", TDRI_ELSEWHERE},
    TDREST_CODE_MAP(CODE_WORD)
};

static int number_of(const char *text, int column)
{
    char *end;
    long number;

    if (strcmp(text, "no") == 0)
        return column == VERDICT ? TDREST_RAN_NO : 0;
    if (strcmp(text, "yes") == 0)
        return column == VERDICT ? TDREST_RAN_YES : 1;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i].text, text) == 0)
            return words[i].number;
    number = strtol(text, &end, column == SERVER ? 16 : 10);
    CHECK(end != text && *end == '\0' && (column == SERVER || column == STATUS), "column %d: %s", column, text);
    return (int)number;
}

static void read_pattern(char *text, int column, pattern *to)
{
    to->count = 0;
    if (strcmp(text, "*") == 0)
        return;
    for (char *next = text; next != NULL && to->count < RANGES_MAX; text = next) {
        range *r = &to->ranges[to->count++];
        char *dash;

        next = strchr(text, '/');
        if (next != NULL)
            *next++ = '\0';
        dash = column == SERVER || column == STATUS ? strchr(text, '-') : NULL;
        if (dash != NULL)
            *dash++ = '\0';
        r->from = number_of(text, column);
        r->to = dash == NULL ? r->from : number_of(dash, column);
    }
}

static void read_row(char *line, int number)
{
    char *fields[COLUMNS];
    int count = 0;

    for (char *at = line; at != NULL && count < COLUMNS; count++) {
        fields[count] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
    }
    CHECK(count == COLUMNS && strlen(fields[REASON]) > 5, "line %d: %d columns, or no reason", number, count);
    if (count < COLUMNS || row_count == ROWS_MAX)
        return;
    for (int column = 0; column < VERDICT; column++)
        read_pattern(fields[column], column, &rows[row_count].columns[column]);
    rows[row_count].verdict = number_of(fields[VERDICT], VERDICT);
    rows[row_count].line = number;
    rows[row_count++].used = 0;
}

static void read_table(void)
{
    FILE *file = fopen(TDRT_DATA "/outcomes.csv", "r");
    char line[512];

    row_count = 0;
    for (int number = 1; file != NULL && fgets(line, (int)sizeof line, file) != NULL; number++)
        if (line[0] != '#' && strncmp(line, "question,", 9) != 0) {
            line[strcspn(line, "\r\n")] = '\0';
            read_row(line, number);
        }
    if (file != NULL)
        fclose(file);
    CHECK(row_count > 100 && row_count < ROWS_MAX, "%d rows", row_count);
}

/* The server's codes, behind 0 and one that no server is known to send. */
static size_t read_codes(int codes[1000])
{
    FILE *file = fopen(TDRT_DATA "/error-codes.csv", "r");
    char line[1024];
    size_t count = 0;

    codes[count++] = 0;
    codes[count++] = UNKNOWN_CODE;
    while (file != NULL && fgets(line, (int)sizeof line, file) != NULL && count < 1000)
        if (strncmp(line, "0x", 2) == 0)
            codes[count++] = (int)strtol(line, NULL, 16);
    if (file != NULL)
        fclose(file);
    CHECK_INT(count, 2 + 792);
    return count;
}

/* ---- one cell ---- */

static int fits(const pattern *p, int number)
{
    int i = 0;

    while (i < p->count && (number < p->ranges[i].from || number > p->ranges[i].to))
        i++;
    return p->count == 0 || i < p->count;
}

static int fits_cell(const row *r, int is_again, const tdri_evidence *e)
{
    const pattern *c = r->columns;

    return fits(&c[QUESTION], is_again) && fits(&c[ENDPOINT], e->is_lines) && fits(&c[CODE], e->code) && fits(&c[SERVER], e->server_code) &&
           fits(&c[STATUS], e->http_status) && fits(&c[PHASE], e->phase) && fits(&c[BODY], e->body_left) && fits(&c[SAYS], e->says_ran);
}

static void check_question(int is_again, int seen, const tdri_evidence *e)
{
    int by_code = e->code == TDREST_ESERVER && e->server_code != 0 && e->http_status == 200 && e->body_left && !e->says_ran, i = 0;

    while (i < row_count && !fits_cell(&rows[i], is_again, e))
        i++;
    if (i < row_count)
        rows[i].used = 1;
    if (i == row_count || rows[i].verdict != seen)
        CHECK(0, "%s, %s, 0x%04x, HTTP %d, phase %d, body %d, says %d: %s is %d, expected %d by line %d", tdrest_code_name(e->code),
              e->is_lines ? "lines" : "SQL", (unsigned)e->server_code, e->http_status, e->phase, e->body_left, e->says_ran, is_again ? "again" : "ran",
              seen, i < row_count ? rows[i].verdict : -1, i < row_count ? rows[i].line : 0);
    if (by_code && i < row_count && rows[i].columns[SERVER].count == 0)
        CHECK(0, "0x%04x: line %d judges it without naming it", (unsigned)e->server_code, rows[i].line);
}

static int64_t cells;

/* Of all that can be said besides code, server code, status and phase. */
static void check_cell(int code, int server_code, int http_status, int phase)
{
    for (int way = 0; way < 8; way++) {
        const tdri_evidence e = {code, server_code, http_status, phase, way & 1, way >> 1 & 1, way >> 2, -1};
        const tdri_outcome outcome = tdri_outcome_judge(&e);

        check_question(0, outcome.ran, &e);
        check_question(1, (int)outcome.again, &e);
        CHECK_INT(outcome.wait_ms, -1);
        cells++;
    }
}

/* ---- all cells ---- */

static void every_cell(void)
{
    static const int statuses[] = {0,   200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 407, 408, 413,
                                   415, 417, 429, 431, 500, 502, 503, 504, 520};
    static int codes[1000];
    size_t count = read_codes(codes);

    read_table();
    cells = 0;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (words[i].number >= 0)
            continue;
        for (int phase = TDREST_PHASE_NONE; phase <= TDREST_PHASE_WAIT; phase++)
            check_cell(words[i].number, 0, 0, phase);
        for (size_t s = 0; s < COUNT_OF(statuses); s++) {
            check_cell(words[i].number, 0, statuses[s], TDREST_PHASE_CONNECT);
            check_cell(words[i].number, 0, statuses[s], TDREST_PHASE_READ);
        }
    }
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < COUNT_OF(statuses); s++)
            check_cell(TDREST_ESERVER, codes[i], statuses[s], TDREST_PHASE_READ);
    for (int i = 0; i < row_count; i++)
        CHECK(rows[i].used, "line %d answers no cell", rows[i].line);
    printf(" %" PRId64 " cells, %d rows ", cells, row_count);
}

/* ---- what the record says ---- */

/* The list of codes calls some safe to repeat. That one did not run is said of those only of which it is certain. */
static void never_more_optimistic(void)
{
    static const int certain[] = {0x0130, 0x0300, 0x032c, 0x0386, 0x0396, 0x03d3, 0x03d9, 0x1121};
    static int codes[1000];
    size_t count = read_codes(codes), safe = 0;

    for (size_t i = 0; i < count; i++)
        for (int is_lines = 0; is_lines < 2; is_lines++) {
            tdrest_error err = {.code = TDREST_ESERVER, .server_code = codes[i], .http_status = is_lines ? 500 : 200, .phase = TDREST_PHASE_READ, .retry_after_ms = -1};
            int cls, repeat, is_certain = codes[i] == 0 && !is_lines;

            for (size_t c = 0; c < COUNT_OF(certain); c++)
                is_certain |= certain[c] == codes[i];
            (void)tdri_servercode_get(codes[i], &cls, &repeat);
            (void)tdri_outcome_tell(&err, is_lines, 1);
            CHECK((err.repeat == TDREST_REPEAT_SAFE) == is_certain, "0x%04x: repeat %d", (unsigned)codes[i], err.repeat);
            CHECK(is_certain || (err.repeat == TDREST_REPEAT_NO) == (repeat == TDREST_REPEAT_NO), "0x%04x: %d, listed %d", (unsigned)codes[i], err.repeat, repeat);
            safe += err.repeat == TDREST_REPEAT_SAFE;
        }
    CHECK_INT(safe, 2 * COUNT_OF(certain) + 1);
}

static void waits(void)
{
    static const struct { int code, http_status; int64_t retry_after_ms, wait_ms; enum tdri_again again; } cases[] = {
        {TDREST_EGATEWAY, 429, 7000, 7000, TDRI_LATER},     {TDREST_EGATEWAY, 429, -1, -1, TDRI_LATER},     {TDREST_EGATEWAY, 429, 0, 0, TDRI_LATER},
        {TDREST_EGATEWAY, 503, 9, 9, TDRI_ELSEWHERE},       {TDREST_EGATEWAY, 403, 7000, -1, TDRI_NEVER},   {TDREST_EAUTH, 429, 7000, -1, TDRI_NEVER},
        {TDREST_ECONNECT, 200, 7000, 7000, TDRI_LATER},     {TDREST_ECONNECT, 200, 0, 0, TDRI_AT_ONCE},     {TDREST_ECONNECT, 0, -1, -1, TDRI_AT_ONCE},
        {TDREST_ESERVER, 503, INT64_MAX, INT64_MAX, TDRI_ELSEWHERE},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const tdri_evidence e = {cases[i].code, 0, cases[i].http_status, TDREST_PHASE_READ, 0, 1, 0, cases[i].retry_after_ms};
        tdri_outcome outcome = tdri_outcome_judge(&e);

        CHECK(outcome.again == cases[i].again && outcome.wait_ms == cases[i].wait_ms, "case %zu: %d, %" PRId64 " ms", i, (int)outcome.again, outcome.wait_ms);
    }
}

/* Before a judge has seen it, a record of something that may have been sent is not called harmless. */
static void unjudged(void)
{
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const tdri_evidence e = {.code = words[i].number, .phase = TDREST_PHASE_NONE, .body_left = 1, .retry_after_ms = -1};

        if (words[i].number < 0 && words[i].number != TDREST_EAUTH)
            CHECK_INT(tdri_outcome_default(words[i].number), tdri_outcome_judge(&e).ran);
    }
}

/* ---- facts about codes ---- */

static void facts(void)
{
    static const int logins[] = {0x0134, 0x0315, 0x0351, 0x0357};
    static const int hosts[] = {0x000b, 0x0020, 0x0130, 0x0131, 0x090c};
    static const int values[] = {0x0127, 0x013d, 0x0203, 0x020a, 0x0216, 0x021b, 0x021f, 0x0221, 0x0222, 0x0224, 0x060b,
                                 0x2605, 0x263c, 0x263d, 0x263e, 0x2642, 0x2653, 0x266a, 0x267b, 0x267c, 0x3002, 0x3004};
    static const int databases[] = {0x0217, 0x0388, 0x2616};
    static const struct { int fact; const int *codes; size_t count; } lists[] = {
        {TDRI_BAD_LOGIN, logins, COUNT_OF(logins)}, {TDRI_OTHER_HOST, hosts, COUNT_OF(hosts)}, {TDRI_BAD_VALUE, values, COUNT_OF(values)},
        {TDRI_NO_DATABASE, databases, COUNT_OF(databases)},
    };

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (int code = -1, at = 0; code <= 0x10000; code++) {
            int listed = at < (int)lists[i].count && lists[i].codes[at] == code;

            at += listed;
            if (((tdri_servercode_facts(code) & lists[i].fact) != 0) != listed)
                CHECK(0, "0x%04x: facts %d, fact %d", (unsigned)code, tdri_servercode_facts(code), lists[i].fact);
        }
    CHECK_INT(tdri_servercode_facts(-1) | tdri_servercode_facts(0) | tdri_servercode_facts(0x10357) | tdri_servercode_facts(0xffff), 0);
}

CU_TestInfo tdrt_outcome[] = {
    {"every cell", every_cell},
    {"never more optimistic", never_more_optimistic},
    {"waits", waits},
    {"before it is judged", unjudged},
    {"facts about codes", facts},
    CU_TEST_INFO_NULL,
};
