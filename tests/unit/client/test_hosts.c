/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which host an attempt goes to, by an own clock: spreading, setting aside, coming back, one caller at a time. */
#include "test.h"

#include "client/hosts.h"

static int64_t now_ms;

static int64_t read_now(void *context)
{
    (void)context;
    return now_ms;
}

static tdri_hosts *hosts_of(const char *list, const char *backoff)
{
    static const tdri_clock clock = {read_now, NULL};
    tdrest_options *options = NULL;
    tdri_hosts *hosts = NULL;

    now_ms = 1000000;
    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "host", list), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "retry_backoff_ms", backoff), TDREST_OK);
    CHECK_INT(tdri_hosts_new(options, &clock, 42, &hosts), TDREST_OK);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(hosts != NULL);
    return hosts;
}

/* An attempt of a connection that is at *home. */
static tdri_host_pick attempt(tdri_hosts *hosts, size_t *home, enum tdri_host_news news)
{
    tdri_host_pick pick = tdri_hosts_pick(hosts, home, 0);

    CHECK_INT(pick.wait_ms, 0);
    tdri_hosts_tell(hosts, &pick, news, -1);
    return pick;
}

/* Connections go to the least busy host, the first by lot. */
static void spreading(void)
{
    int first[3] = {0, 0, 0};
    tdri_hosts *hosts = hosts_of("a,b:1,[::1]:2", "200");
    size_t at[9];

    CHECK_INT(tdri_hosts_count(hosts), 3);
    CHECK_TEXT(tdri_hosts_origin(hosts, 0), "http://a:6041");
    CHECK_TEXT(tdri_hosts_origin(hosts, 1), "http://b:1");
    CHECK_TEXT(tdri_hosts_origin(hosts, 2), "http://[::1]:2");
    for (int round = 0; round < 100; round++) {
        int each[3] = {0, 0, 0};

        for (int i = 0; i < 9; i++)
            each[at[i] = tdri_hosts_join(hosts)]++;
        first[at[0]]++;
        CHECK(each[0] == 3 && each[1] == 3 && each[2] == 3, "%d %d %d", each[0], each[1], each[2]);
        for (int i = 0; i < 9; i++)
            tdri_hosts_leave(hosts, at[i]);
    }
    CHECK(first[0] > 10 && first[1] > 10 && first[2] > 10, "first: %d %d %d", first[0], first[1], first[2]);
    tdri_hosts_release(hosts);
}

/* A connection stays where it is; when its host fails it goes to the least busy other one, and stays there when the first one is back. */
static void staying(void)
{
    tdri_hosts *hosts = hosts_of("a,b,c", "200");
    size_t home = tdri_hosts_join(hosts), other = tdri_hosts_join(hosts), before = home, after;
    tdri_host_pick pick;

    for (int i = 0; i < 10; i++)
        CHECK_INT(attempt(hosts, &home, TDRI_HOST_SERVED).index, before);
    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    CHECK_INT(home, before);
    pick = attempt(hosts, &home, TDRI_HOST_SERVED);
    after = 3 - before - other;
    CHECK(pick.index == after && home == after, "from %zu to %zu; %zu is busy", before, home, other);
    CHECK_INT(pick.connect_ms, 0);
    now_ms += TDRI_HOST_ASIDE_MAX_MS;
    CHECK_INT(attempt(hosts, &home, TDRI_HOST_SERVED).index, after);
    tdri_hosts_release(hosts);
}

/* While others are healthy a host that is due is probed by one caller, after ever longer times, and is back when it answers. */
static void probing(void)
{
    tdri_hosts *hosts = hosts_of("a,b", "200");
    size_t home = tdri_hosts_join(hosts), bad = home;
    tdri_host_pick pick, none;

    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    for (int64_t most = TDRI_HOST_ASIDE_MS; most <= 2 * TDRI_HOST_ASIDE_MAX_MS; most *= 2) {
        int64_t limit = most < TDRI_HOST_ASIDE_MAX_MS ? most : TDRI_HOST_ASIDE_MAX_MS, set_aside = now_ms;

        while (!tdri_hosts_take_due(hosts, &pick))
            now_ms++;
        CHECK(now_ms - set_aside >= limit / 2 && now_ms - set_aside <= limit, "due after %d of %d ms", (int)(now_ms - set_aside), (int)limit);
        CHECK(pick.index == bad && pick.connect_ms == TDRI_PROBE_MS, "host %zu, %d ms", pick.index, (int)pick.connect_ms);
        CHECK_INT(tdri_hosts_take_due(hosts, &none), 0);
        tdri_hosts_tell(hosts, &pick, TDRI_HOST_BAD, -1);
    }
    now_ms += TDRI_HOST_ASIDE_MAX_MS;
    CHECK_INT(tdri_hosts_take_due(hosts, &pick), 1);
    now_ms += TDRI_PROBE_MS; /* whoever took it never told */
    CHECK_INT(tdri_hosts_take_due(hosts, &pick), 1);
    tdri_hosts_tell(hosts, &pick, TDRI_HOST_ANSWERED, -1);
    CHECK_INT(tdri_hosts_take_due(hosts, &pick), 0);
    CHECK_INT(tdri_hosts_have_served(hosts), 0);
    home = 1 - bad;
    (void)tdri_hosts_join(hosts);
    CHECK_INT(attempt(hosts, &home, TDRI_HOST_BAD).index, 1 - bad);
    CHECK_INT(tdri_hosts_join(hosts), bad);
    tdri_hosts_release(hosts);
}

/* When all are set aside, the one that may be tried first, and by one caller; the backoff doubles, with full jitter, up to its end. */
static void all_down(void)
{
    tdri_hosts *hosts = hosts_of("a,b", "200");
    size_t home = tdri_hosts_join(hosts), other = tdri_hosts_join(hosts);
    tdri_host_pick pick;

    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    for (int failures = 2; failures < 20; failures++) {
        int64_t begin = now_ms;

        while ((pick = tdri_hosts_pick(hosts, &home, 0)).wait_ms > 0)
            now_ms += pick.wait_ms;
        CHECK(now_ms - begin <= 2000, "tried after %d ms", (int)(now_ms - begin));
        CHECK(pick.connect_ms == (int64_t)TDRI_PROBE_MS << (pick.failures - 1) && pick.tries == failures, "%d ms, %d failures", (int)pick.connect_ms, pick.failures);
        tdri_hosts_tell(hosts, &pick, TDRI_HOST_BAD, -1);
        CHECK_INT(tdri_hosts_take_due(hosts, &pick), 0);
    }
    now_ms += 2000;
    pick = tdri_hosts_pick(hosts, &home, 0);
    CHECK(pick.wait_ms == 0 && tdri_hosts_pick(hosts, &other, 0).wait_ms == 0 && tdri_hosts_pick(hosts, &other, 0).wait_ms == TDRI_HOST_POLL_MS,
          "not one caller for each host");
    CHECK_INT(tdri_hosts_pick(hosts, &other, 1).wait_ms, 0);
    tdri_hosts_tell(hosts, &pick, TDRI_HOST_SERVED, -1);
    CHECK_INT(tdri_hosts_pick(hosts, &other, 0).index, pick.index);
    CHECK_INT(tdri_hosts_have_served(hosts), 1);
    tdri_hosts_release(hosts);
}

/* Attempts that ran side by side and failed are one failure; a host is not tried sooner than it asks for. */
static void one_failure(void)
{
    tdri_hosts *hosts = hosts_of("a", "0");
    size_t home = tdri_hosts_join(hosts);
    tdri_host_pick pick = tdri_hosts_pick(hosts, &home, 0);

    for (int i = 0; i < 64; i++)
        tdri_hosts_tell(hosts, &pick, TDRI_HOST_BAD, 5000);
    pick = tdri_hosts_pick(hosts, &home, 0);
    CHECK(pick.wait_ms == 5000 && pick.tries == 1, "%d ms, %d tries", (int)pick.wait_ms, (int)pick.tries);
    now_ms += 5000;
    pick = tdri_hosts_pick(hosts, &home, 0);
    CHECK(pick.wait_ms == 0 && pick.failures == 1 && pick.connect_ms == 0, "%d failures, %d ms for the only host", pick.failures, (int)pick.connect_ms);
    tdri_hosts_tell(hosts, &pick, TDRI_HOST_SILENT, -1);
    CHECK_INT(tdri_hosts_pick(hosts, &home, 0).failures, 1);
    tdri_hosts_release(hosts);
}

/* What a caller did too long ends neither another one's claim nor what was learned meanwhile. */
static void late_news(void)
{
    tdri_hosts *hosts = hosts_of("a,b", "200");
    size_t home = tdri_hosts_join(hosts), bad = home;
    tdri_host_pick early = tdri_hosts_pick(hosts, &home, 0), slow, fast, none;

    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    tdri_hosts_tell(hosts, &early, TDRI_HOST_SERVED, -1); /* began before the failure */
    CHECK_INT(attempt(hosts, &home, TDRI_HOST_SERVED).index, 1 - bad);
    now_ms += TDRI_HOST_ASIDE_MS;
    CHECK_INT(tdri_hosts_take_due(hosts, &slow), 1);
    now_ms += TDRI_PROBE_MS;
    CHECK_INT(tdri_hosts_take_due(hosts, &fast), 1);
    for (int news = TDRI_HOST_SERVED; news <= TDRI_HOST_SILENT; news++) { /* but for a refused login */
        slow.changes = news == TDRI_HOST_SILENT ? slow.changes : -1;
        if (news != TDRI_HOST_LOGIN)
            tdri_hosts_tell(hosts, &slow, (enum tdri_host_news)news, -1);
        CHECK(tdri_hosts_take_due(hosts, &none) == 0, "news %d ended a claim that was not theirs", news);
    }
    tdri_hosts_tell(hosts, &fast, TDRI_HOST_SILENT, -1);
    CHECK_INT(tdri_hosts_take_due(hosts, &fast), 1);
    CHECK_INT(fast.index, bad);
    tdri_hosts_tell(hosts, &fast, TDRI_HOST_ANSWERED, -1);
    tdri_hosts_tell(hosts, &early, TDRI_HOST_BAD, -1); /* before it came back */
    home = bad;
    CHECK_INT(attempt(hosts, &home, TDRI_HOST_SERVED).index, bad);
    tdri_hosts_release(hosts);
}

/* Attempts that ran side by side: what succeeded hides no failure of another one. */
static void side_by_side(void)
{
    tdri_hosts *hosts = hosts_of("a,b", "200");
    size_t home = tdri_hosts_join(hosts), bad = home;
    tdri_host_pick one = tdri_hosts_pick(hosts, &home, 0), two = tdri_hosts_pick(hosts, &home, 0);

    tdri_hosts_tell(hosts, &one, TDRI_HOST_SERVED, -1);
    tdri_hosts_tell(hosts, &two, TDRI_HOST_BAD, -1);
    CHECK_INT(attempt(hosts, &home, TDRI_HOST_SERVED).index, 1 - bad);
    tdri_hosts_release(hosts);
}

/* Accounts lock: after a refused login no host is probed until a call succeeds, and the one that refused it not even then. */
static void login(void)
{
    tdri_hosts *hosts = hosts_of("a,b,c", "200");
    size_t home = 0, at[3];
    tdri_host_pick pick, none;

    for (int i = 0; i < 3; i++)
        at[i] = tdri_hosts_join(hosts);
    for (int i = 0; i < 2; i++) {
        home = at[i];
        (void)attempt(hosts, &at[i], TDRI_HOST_BAD);
    }
    now_ms += TDRI_HOST_ASIDE_MS;
    CHECK_INT(tdri_hosts_take_due(hosts, &pick), 1);
    tdri_hosts_tell(hosts, &pick, TDRI_HOST_LOGIN, -1);
    for (int i = 0; i < 100; i++, now_ms += TDRI_HOST_ASIDE_MAX_MS)
        CHECK_INT(tdri_hosts_take_due(hosts, &none), 0);
    home = at[2];
    (void)attempt(hosts, &home, TDRI_HOST_SERVED);
    CHECK_INT(tdri_hosts_take_due(hosts, &none), 1);
    CHECK(none.index != pick.index, "host %zu again", none.index);
    tdri_hosts_tell(hosts, &none, TDRI_HOST_ANSWERED, -1);
    now_ms += INT64_C(1000) * TDRI_HOST_ASIDE_MAX_MS;
    CHECK_INT(tdri_hosts_take_due(hosts, &none), 0);
    tdri_hosts_release(hosts);
}

/* While all are set aside one whose certificate was refused is not tried, unless there are no others. */
static void distrusted(void)
{
    tdri_hosts *hosts = hosts_of("a,b", "0");
    size_t home = tdri_hosts_join(hosts), bad = home;

    (void)attempt(hosts, &home, TDRI_HOST_DISTRUSTED);
    (void)attempt(hosts, &home, TDRI_HOST_BAD);
    for (int i = 0; i < 100; i++, now_ms++)
        CHECK_INT(attempt(hosts, &home, TDRI_HOST_BAD).index, 1 - bad);
    (void)attempt(hosts, &home, TDRI_HOST_DISTRUSTED);
    CHECK_INT(home, 1 - bad);
    for (int i = 0; i < 100 && home != bad; i++, now_ms++)
        (void)attempt(hosts, &home, TDRI_HOST_DISTRUSTED);
    CHECK_INT(home, bad);
    tdri_hosts_release(hosts);
}

/* One object for all connections of an options object, as long as it names the same hosts. */
static void sharing(void)
{
    tdrest_options *options = NULL;
    tdri_hosts *first, *second, *third, *fourth;

    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK_INT(tdri_hosts_of(options, &first), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "app", "other"), TDREST_OK);
    CHECK_INT(tdri_hosts_of(options, &second), TDREST_OK);
    CU_ASSERT(first == second);
    CHECK_INT(tdrest_options_set(options, "host", "a,b"), TDREST_OK);
    CHECK_INT(tdri_hosts_of(options, &third), TDREST_OK);
    CU_ASSERT(third != first);
    CHECK_INT(tdrest_options_set(options, "password", "other"), TDREST_OK);
    CHECK_INT(tdri_hosts_of(options, &fourth), TDREST_OK);
    CU_ASSERT(fourth != third);
    tdri_hosts_release(fourth);
    tdrest_options_free(options);
    CHECK_TEXT(tdri_hosts_origin(first, 0), "http://localhost:6041");
    tdri_hosts_release(first);
    tdri_hosts_release(second);
    CHECK_INT(tdri_hosts_count(third), 2);
    tdri_hosts_release(third);
    tdri_hosts_release(NULL);
}

CU_TestInfo tdrt_hosts[] = {
    {"spreading", spreading},
    {"staying", staying},
    {"probing", probing},
    {"all down", all_down},
    {"one failure", one_failure},
    {"late news", late_news},
    {"side by side", side_by_side},
    {"login", login},
    {"distrusted", distrusted},
    {"sharing", sharing},
    CU_TEST_INFO_NULL,
};
