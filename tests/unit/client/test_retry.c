/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Whether a request goes again, as a table: the judge's word, the mode, whether running twice does harm, and the bounds. */
#include "test.h"

#include "client/retry.h"

enum { NOW = 1000000 };

static tdri_retry fresh(enum tdri_retry_mode mode)
{
    return (tdri_retry){.mode = mode, .retries = 5, .backoff_ms = 200, .backoff_max_ms = 2000, .random = 7};
}

#define NO TDREST_RAN_NO
#define MAYBE TDREST_RAN_MAYBE
#define YES TDREST_RAN_YES
#define CONNECT TDREST_PHASE_CONNECT
#define WAIT TDREST_PHASE_WAIT
#define READ TDREST_PHASE_READ

/* What follows a first failure: by mode auto and connect; never is always a stop. S stop, H here, M move. */
static const struct {
    const char *name;
    int code, phase, ran;
    enum tdri_again again;
    int harmless;
    char by_auto, by_connect;
} rules[] = {
    {"refused", TDREST_ECONNECT, CONNECT, NO, TDRI_ELSEWHERE, 0, 'M', 'M'},
    {"cannot resolve", TDREST_ECONNECT, CONNECT, NO, TDRI_ELSEWHERE, 1, 'M', 'M'},
    {"connect timeout", TDREST_ETIMEOUT, CONNECT, NO, TDRI_ELSEWHERE, 0, 'M', 'M'},
    {"not sent whole", TDREST_ECONNECT, TDREST_PHASE_SEND, NO, TDRI_AT_ONCE, 0, 'H', 'S'},
    {"died after the request", TDREST_ECONNECT, WAIT, MAYBE, TDRI_AT_ONCE, 0, 'S', 'S'},
    {"died after the request, harmless", TDREST_ECONNECT, WAIT, MAYBE, TDRI_AT_ONCE, 1, 'H', 'S'},
    {"died in the rows", TDREST_ECONNECT, READ, YES, TDRI_AT_ONCE, 0, 'S', 'S'},
    {"died in the rows, harmless", TDREST_ECONNECT, READ, YES, TDRI_AT_ONCE, 1, 'H', 'S'},
    {"stall", TDREST_ETIMEOUT, WAIT, MAYBE, TDRI_LATER, 0, 'S', 'S'},
    {"stall, harmless", TDREST_ETIMEOUT, WAIT, MAYBE, TDRI_LATER, 1, 'H', 'S'},
    {"not ready", TDREST_ESERVER, READ, NO, TDRI_ELSEWHERE, 0, 'M', 'S'},
    {"later", TDREST_ESERVER, READ, NO, TDRI_LATER, 0, 'H', 'S'},
    {"unreachable", TDREST_ESERVER, READ, MAYBE, TDRI_ELSEWHERE, 0, 'S', 'S'},
    {"unreachable, harmless", TDREST_ESERVER, READ, MAYBE, TDRI_ELSEWHERE, 1, 'M', 'S'},
    {"gateway", TDREST_EGATEWAY, READ, MAYBE, TDRI_ELSEWHERE, 1, 'M', 'S'},
    {"syntax", TDREST_ESERVER, READ, NO, TDRI_NEVER, 1, 'S', 'S'},
    {"login", TDREST_EAUTH, READ, NO, TDRI_NEVER, 1, 'S', 'S'},
    {"cancelled", TDREST_ECANCELLED, WAIT, MAYBE, TDRI_AT_ONCE, 1, 'S', 'S'},
    {"cancelled while connecting", TDREST_ECANCELLED, CONNECT, NO, TDRI_AT_ONCE, 1, 'S', 'S'},
};

static char what_follows(enum tdri_retry_mode mode, size_t rule)
{
    tdri_retry retry = fresh(mode);
    tdri_failure failure = {rules[rule].code, rules[rule].phase, {rules[rule].ran, rules[rule].again, -1}, rules[rule].harmless, 0};

    return "SHM"[tdri_retry_next(&retry, &failure, NOW).what];
}

static void table(void)
{
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        char by_auto = what_follows(TDRI_RETRY_AUTO, i), by_connect = what_follows(TDRI_RETRY_CONNECT, i), by_never = what_follows(TDRI_RETRY_NEVER, i);

        CHECK(by_auto == rules[i].by_auto && by_connect == rules[i].by_connect && by_never == 'S', "%s: %c %c %c", rules[i].name, by_auto, by_connect, by_never);
    }
}

static const tdri_failure later = {TDREST_ESERVER, READ, {NO, TDRI_LATER, -1}, 0, 0};

/* Failures until the stop, each at once after the wait before it; the milliseconds that all waits took. */
static int count_attempts(tdri_retry *retry, const tdri_failure *failure, int64_t *waited_ms)
{
    int attempts = 1;

    *waited_ms = 0;
    for (; attempts < 100000; attempts++) {
        tdri_retry_step step = tdri_retry_next(retry, failure, NOW + *waited_ms);

        if (step.what == TDRI_STOP)
            break;
        *waited_ms += step.wait_ms;
    }
    return attempts;
}

static void bounds(void)
{
    static const struct { const char *name; int retries, for_ms, timeout_ms, least, most; int64_t least_ms, most_ms; } rows[] = {
        {"attempts alone", 5, 0, 0, 6, 6, 0, 200 + 400 + 800 + 1600 + 2000},
        {"none", 0, 0, 0, 1, 1, 0, 0},
        {"time alone", 0, 60000, 0, 32, 200, 58000, 60000},
        {"both", 5, 60000, 0, 32, 200, 58000, 60000},
        {"more attempts than time", 100, 1000, 0, 101, 101, 1000, 200000},
        {"the deadline ends both", 100, 60000, 3000, 2, 60, 1000, 3000},
    };
    int64_t waited;

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tdri_retry retry = fresh(TDRI_RETRY_AUTO);
        int attempts;

        retry.retries = rows[i].retries;
        retry.for_ms = rows[i].for_ms;
        retry.deadline_ms = rows[i].timeout_ms == 0 ? 0 : NOW + rows[i].timeout_ms;
        attempts = count_attempts(&retry, &later, &waited);
        CHECK(attempts >= rows[i].least && attempts <= rows[i].most && waited >= rows[i].least_ms && waited <= rows[i].most_ms,
              "%s: %d attempts, %d ms", rows[i].name, attempts, (int)waited);
    }
}

/* Each wait is a random part of 200, 400, 800, 1600, 2000, 2000 ... */
static void jitter(void)
{
    int64_t limit = 200, sum = 0, waited[7];

    for (int seed = 0; seed < 200; seed++, limit = 200) {
        tdri_retry retry = fresh(TDRI_RETRY_AUTO);

        retry.random = (uint64_t)seed;
        retry.retries = 7;
        for (int i = 0; i < 7; i++, limit = limit < 1600 ? 2 * limit : 2000) {
            waited[i] = tdri_retry_next(&retry, &later, NOW).wait_ms;
            CHECK(waited[i] >= 0 && waited[i] <= limit, "wait %d: %d ms", i, (int)waited[i]);
            sum += waited[i];
        }
    }
    CHECK(sum / 200 > 4000 && sum / 200 < 5000, "%d ms on average, of 9000", (int)(sum / 200));
}

/* Never sooner than the server asks for; where that is too long, not at all. */
static void retry_after(void)
{
    static const struct { int64_t asked, for_ms, timeout_ms; int stops; } rows[] = {
        {0, 0, 0, 0}, {2000, 0, 0, 0}, {2001, 0, 0, 1}, {2001, 60000, 0, 0}, {59999, 60000, 0, 0}, {60000, 60000, 0, 1},
        {5000, 0, 6000, 0}, {5000, 0, 5000, 1}, {1000, 60000, 500, 1}, {410400000, 60000, 0, 1}, {INT64_C(1000000000000000), 60000, 0, 1},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tdri_retry retry = fresh(TDRI_RETRY_AUTO);
        tdri_failure failure = later;
        tdri_retry_step step;

        retry.for_ms = rows[i].for_ms;
        retry.deadline_ms = rows[i].timeout_ms == 0 ? 0 : NOW + rows[i].timeout_ms;
        failure.outcome.wait_ms = rows[i].asked;
        step = tdri_retry_next(&retry, &failure, NOW);
        CHECK((step.what == TDRI_STOP) == rows[i].stops && (rows[i].stops || step.wait_ms >= rows[i].asked), "row %zu: %d, %d ms", i, (int)step.what, (int)step.wait_ms);
    }
}

/* A connection that dies at once is repeated at once; when the next one does too, the host is the cause. An answer that is broken twice is not. */
static void dead_connections(void)
{
    tdri_failure failure = {TDREST_ECONNECT, WAIT, {MAYBE, TDRI_AT_ONCE, -1}, 1, 0};
    tdri_retry retry = fresh(TDRI_RETRY_AUTO);
    tdri_retry_step step = tdri_retry_next(&retry, &failure, NOW);

    CHECK(step.what == TDRI_HERE && step.wait_ms == 0, "%d after %d ms", (int)step.what, (int)step.wait_ms);
    CHECK_INT(tdri_retry_blames_host(&retry, &failure), 1);
    CHECK_INT(tdri_retry_next(&retry, &failure, NOW).what, TDRI_MOVE);
    CHECK_INT(tdri_retry_next(&retry, &failure, NOW).what, TDRI_HERE);
    retry = fresh(TDRI_RETRY_AUTO);
    retry.for_ms = 60000; /* is for outages */
    failure.code = TDREST_EANSWER;
    for (int i = 0; i < 5; i++)
        CHECK_INT(tdri_retry_next(&retry, &failure, NOW).what, TDRI_HERE);
    CHECK_INT(tdri_retry_next(&retry, &failure, NOW).what, TDRI_STOP);
}

/* A result that was waited for counts like an attempt. */
static void rounds(void)
{
    tdri_retry retry = fresh(TDRI_RETRY_AUTO);

    for (int i = 0; i < 6; i++) {
        CHECK_INT(tdri_retry_may_wait(&retry, 100, NOW), 1);
        tdri_retry_note_round(&retry, NOW);
    }
    CHECK_INT(tdri_retry_may_wait(&retry, 100, NOW), 0);
    retry.for_ms = 1000;
    CHECK_INT(tdri_retry_may_wait(&retry, 100, NOW + 899), 1);
    CHECK_INT(tdri_retry_may_wait(&retry, 100, NOW + 900), 0);
    retry = fresh(TDRI_RETRY_NEVER);
    CHECK_INT(tdri_retry_may_wait(&retry, 1, NOW), 0);
}

/* A certificate that was refused: each host once, whatever attempts and time are left; failures of other kinds do not count. */
static void certificates(void)
{
    static const tdri_failure refused = {TDREST_ECONNECT, CONNECT, {NO, TDRI_ELSEWHERE, -1}, 0, 1}, down = {TDREST_ECONNECT, CONNECT, {NO, TDRI_ELSEWHERE, -1}, 0, 0};

    for (int64_t hosts = 1; hosts < 4; hosts++) {
        tdri_retry retry = fresh(TDRI_RETRY_AUTO);

        retry.hosts = hosts;
        retry.for_ms = 60000;
        for (int64_t i = 1; i < hosts; i++) {
            CHECK_INT(tdri_retry_next(&retry, &refused, NOW).what, TDRI_MOVE);
            CHECK_INT(tdri_retry_next(&retry, &down, NOW).what, TDRI_MOVE);
        }
        CHECK_INT(tdri_retry_next(&retry, &refused, NOW).what, TDRI_STOP);
    }
}

/* While hosts are left to try connecting to one takes half of the time left; when no other attempt can follow, all of it. */
static void connect_limit(void)
{
    static const struct { enum tdri_retry_mode mode; int hosts, retries, for_ms, timeout_ms, attempts, limit_ms; } rows[] = {
        {TDRI_RETRY_AUTO, 2, 5, 0, 1000, 0, 500}, {TDRI_RETRY_AUTO, 2, 5, 0, 1000, 1, 0}, {TDRI_RETRY_AUTO, 3, 5, 0, 1000, 1, 500},
        {TDRI_RETRY_CONNECT, 2, 5, 0, 1000, 0, 500}, {TDRI_RETRY_AUTO, 1, 5, 0, 1000, 0, 0}, {TDRI_RETRY_AUTO, 2, 5, 0, 0, 0, 0},
        {TDRI_RETRY_NEVER, 2, 5, 0, 1000, 0, 0}, {TDRI_RETRY_AUTO, 2, 0, 0, 1000, 0, 0}, {TDRI_RETRY_AUTO, 2, 0, 60000, 1000, 0, 500},
        {TDRI_RETRY_AUTO, 2, 5, 0, 1, 0, 1},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        tdri_retry retry = fresh(rows[i].mode);

        retry.hosts = rows[i].hosts;
        retry.retries = rows[i].retries;
        retry.for_ms = rows[i].for_ms;
        retry.deadline_ms = rows[i].timeout_ms == 0 ? 0 : NOW + rows[i].timeout_ms;
        CHECK(tdri_retry_connect_ms(&retry, rows[i].attempts, NOW) == rows[i].limit_ms, "row %zu: %d ms", i,
              (int)tdri_retry_connect_ms(&retry, rows[i].attempts, NOW));
    }
}

CU_TestInfo tdrt_retry[] = {
    {"table", table},
    {"bounds", bounds},
    {"jitter", jitter},
    {"Retry-After", retry_after},
    {"dead connections", dead_connections},
    {"rounds", rounds},
    {"certificates", certificates},
    {"connect limit", connect_limit},
    CU_TEST_INFO_NULL,
};
