/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One exchange over a loop. Knows HTTP and time limits, neither JSON nor SQL. */
#include "net/curl_net.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>
#include <sys/socket.h>

/* No wait is longer, whatever the limits. */
enum { LONGEST_WAIT_MS = 1000 };

/* ---- making it ---- */

int tdri_exchange_new(tdri_loop *loop, const tdrest_options *options, tdri_exchange **out, tdrest_error *err)
{
    tdri_exchange *x = (tdri_exchange *)tdri_mem_zeroed(&options->mem, 1, sizeof *x);
    int rc;

    *out = NULL;
    if (x == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    x->mem = options->mem;
    x->loop = loop;
    x->next = loop->exchanges;
    loop->exchanges = x;
    x->options = options;
    x->idle = x->socket = CURL_SOCKET_BAD;
    tdri_buf_init(&x->url, &x->mem, 65536);
    tdri_buf_init(&x->header_lines, &x->mem, 65536);
    rc = tdri_easy_make(x, err);
    if (rc == TDREST_OK)
        *out = x;
    else
        tdri_exchange_free(x);
    return rc;
}

static int add_header(tdri_exchange *x, const char *line)
{
    struct curl_slist *more = curl_slist_append(x->headers, line);

    if (more != NULL)
        x->headers = more;
    return more != NULL;
}

/* The request's headers; `Expect:` empty, or libcurl would wait a second for 100-continue. Only a request that asks for gzip has its answer inflated. */
static int set_headers(tdri_exchange *x, const tdri_request *request)
{
    static const char accepts[] = "Accept-Encoding:";
    const tdri_buf *lines = &request->headers;
    const char *line = tdri_buf_text(lines);

    if (lines->len > 0 && lines->len == x->header_lines.len && memcmp(lines->data, x->header_lines.data, lines->len) == 0)
        return 1;
    x->decodes = 0;
    tdri_buf_reset(&x->header_lines);
    curl_slist_free_all(x->headers);
    x->headers = NULL;
    if (!add_header(x, "Expect:"))
        return 0;
    for (size_t i = 0; i < request->header_count; i++, line += strlen(line) + 1) {
        x->decodes |= strncmp(line, accepts, sizeof accepts - 1) == 0;
        if (!add_header(x, line))
            return 0;
    }
    curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
    if (curl_easy_setopt(x->easy, CURLOPT_ACCEPT_ENCODING, x->decodes ? "gzip" : NULL) == CURLE_OUT_OF_MEMORY)
        return 0;
    tdri_buf_add(&x->header_lines, lines->data, lines->len);
    if (tdri_buf_code(&x->header_lines) != TDREST_OK)
        tdri_buf_reset(&x->header_lines); /* they are made again each time */
    return 1;
}

static void note_answer(tdri_exchange *x)
{
    long status = 0;
    char *type = NULL;
    size_t len;

    curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(x->easy, CURLINFO_CONTENT_TYPE, &type);
    x->http_status = (int)status;
    len = type == NULL ? 0 : strlen(type);
    if (len >= sizeof x->content_type)
        len = sizeof x->content_type - 1;
    if (len > 0)
        memcpy(x->content_type, type, len);
    x->content_type[len] = '\0';
    if (status == 407)
        tdri_exchange_note_answerer(x, 0);
}

/* The transfer is over, or ends here; one that is not at its end loses its TCP connection. */
static void end_transfer(tdri_exchange *x)
{
    if (x->active) {
        note_answer(x);
        curl_multi_remove_handle(x->loop->multi, x->easy);
    }
    x->active = x->finished = x->looking_up = 0;
    x->held_len = 0;
    x->sink = NULL;
}

/* Makes the handle forget what it would write to. */
static void cut_ties(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, NULL);
}

/* Where its removal would wait for a name lookup, the handle lives on, muted. */
void tdri_exchange_throw_away(tdri_exchange *x)
{
    int waits = x->active && x->looking_up && !x->loop->abandons_lookups;

    if (waits && tdri_loop_mute(x->loop, x->easy)) {
        cut_ties(x->easy);
        x->active = 0;
        x->looking_up = 0;
        end_transfer(x);
    } else {
        end_transfer(x);
        curl_easy_cleanup(x->easy);
    }
    x->easy = NULL;
    tdri_buf_reset(&x->header_lines);
}

void tdri_exchange_free(tdri_exchange *x)
{
    tdrest_allocator mem;
    tdri_exchange **at;

    if (x == NULL)
        return;
    at = &x->loop->exchanges;
    tdri_loop_enter(x->loop);
    if (x->easy != NULL)
        tdri_exchange_throw_away(x);
    tdri_loop_leave(x->loop);
    while (*at != x)
        at = &(*at)->next;
    *at = x->next;
    tdri_exchange_disclaim(x);
    tdri_loop_forget_ready(x);
    curl_slist_free_all(x->headers);
    tdri_buf_clear(&x->url);
    tdri_buf_clear(&x->header_lines);
    mem = x->mem;
    tdri_mem_free(&mem, x);
}

/* ---- starting ---- */

static int out_of_memory(tdrest_error *err)
{
    return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the request");
}

static int shares_loop(const tdri_exchange *x)
{
    return x->loop->exchanges != x || x->next != NULL;
}

static int set_request(tdri_exchange *x, const char *origin, const tdri_request *request, const tdri_limits *limits)
{
    int found_stale;

    tdri_buf_reset(&x->url);
    tdri_buf_add_text(&x->url, origin);
    tdri_buf_add_text(&x->url, tdri_buf_text(&request->target));
    if (tdri_buf_code(&x->url) != TDREST_OK || !set_headers(x, request))
        return 0;
    if (curl_easy_setopt(x->easy, CURLOPT_URL, tdri_buf_text(&x->url)) != CURLE_OK)
        return 0;
    tdri_body_set(x, request);
    curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms);
    found_stale = x->loop->watch != NULL ? x->loop->found_stale : tdri_exchange_shed_stale(x->loop);
    curl_easy_setopt(x->easy, CURLOPT_FRESH_CONNECT, found_stale || (shares_loop(x) && !x->tells_departure) ? 1L : 0L);
    return 1;
}

static int start(tdri_exchange *x, const char *origin, const tdri_request *request, const tdri_limits *limits, tdrest_error *err)
{
    int rc;

    end_transfer(x);
    tdri_retry_after_reset(&x->retry_after);
    if (x->easy == NULL && (rc = tdri_easy_make(x, err)) != TDREST_OK)
        return rc;
    if (!set_request(x, origin, request, limits))
        return out_of_memory(err);
    x->request = request;
    x->sent = x->taken = x->header_bytes = 0;
    x->paused = x->answered = x->departed = x->with_taker = x->unwatched = x->lost = 0;
    x->keep_alive_s = -1;
    x->http_status = 0;
    x->content_type[0] = x->encoding[0] = x->message[0] = x->answerer[0] = '\0';
    x->waiting_since_ms = tdri_now_ms();
    x->deadline_ms = limits->deadline_ms;
    x->stall_ms = limits->stall_ms;
    x->connect_ms = limits->connect_ms;
    x->opened = CURL_SOCKET_BAD;
    x->looking_up = 1;
    x->tells_lookup = x->late = 0;
    if (curl_multi_add_handle(x->loop->multi, x->easy) != CURLM_OK)
        return out_of_memory(err);
    x->active = 1;
    return TDREST_OK;
}

int tdri_exchange_start(tdri_exchange *x, const char *origin, const tdri_request *request, const tdri_limits *limits, tdrest_error *err)
{
    int rc;

    tdri_loop_enter(x->loop);
    rc = start(x, origin, request, limits, err);
    tdri_loop_leave(x->loop);
    return rc;
}

/* ---- how it ends ---- */

void tdri_exchange_note_result(tdri_exchange *x, CURLcode result)
{
    x->finished = 1;
    x->result = result;
    tdri_loop_note_ready(x);
}

/*
 * A proxy that refuses early, and closes while the request's body is on its way or unread, resets the connection behind its answer. Where the close
 * is what ends that answer, as in HTTP/1.0, it has ended: a refusal, whose status says it all. taosAdapter's answers tell their length.
 */
static int is_refusal_before_reset(tdri_exchange *x)
{
    curl_off_t len = 0;
    long status = 0;

    return x->result == CURLE_RECV_ERROR && x->answered && !x->chunked && curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
           status >= 400 && curl_easy_getinfo(x->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len) == CURLE_OK && len < 0;
}

/*
 * The TCP connection is kept for the next exchange, but not when the body has not left whole, as after an early answer: the server would read
 * the next request as the rest of it.
 */
static int complete(tdri_exchange *x, tdrest_error *err)
{
    if (is_refusal_before_reset(x)) {
        tdri_exchange_throw_away(x);
        return TDREST_DONE;
    }
    if (x->result != CURLE_OK)
        return tdri_exchange_fail_curl(x, x->result, err);
    if (!x->lost) {
        tdri_exchange_keep(x);
        if (x->idle != CURL_SOCKET_BAD && !tdri_body_is_out(x))
            (void)shutdown(x->idle, SHUT_RDWR);
    }
    end_transfer(x);
    return TDREST_DONE;
}

/* ---- step by step ---- */

/* The bytes kept for a full taker. 1 when none are left. */
static int offer_held(tdri_exchange *x)
{
    size_t took;

    if (x->held_len == 0)
        return 1;
    took = x->sink(x->context, x->held + x->held_at, x->held_len);
    x->held_at += took;
    x->held_len -= took;
    x->taken += took;
    return x->held_len == 0;
}

static int64_t until_deadline(const tdri_exchange *x, int64_t now)
{
    return x->deadline_ms > 0 ? x->deadline_ms - now : INT64_MAX;
}

static int64_t until_stall(const tdri_exchange *x, int64_t now)
{
    return x->stall_ms > 0 ? x->stall_ms - (now - x->waiting_since_ms) : INT64_MAX;
}

int64_t tdri_exchange_due_ms(const tdri_exchange *x)
{
    int64_t due = x->deadline_ms > 0 ? x->deadline_ms : INT64_MAX;

    if (x->stall_ms > 0 && !x->with_taker && x->waiting_since_ms < INT64_MAX - x->stall_ms && x->waiting_since_ms + x->stall_ms < due)
        due = x->waiting_since_ms + x->stall_ms;
    return due;
}

int64_t tdri_exchange_wait_ms(const tdri_exchange *x)
{
    int64_t now = tdri_now_ms(), left = LONGEST_WAIT_MS;

    if (until_deadline(x, now) < left)
        left = until_deadline(x, now);
    if (until_stall(x, now) < left)
        left = until_stall(x, now);
    if (tdri_exchange_look_ms(x) < left)
        left = tdri_exchange_look_ms(x);
    return left < 0 ? 0 : left;
}

/* What has come in the step in which the deadline passes is handed over first: it may be all that the deadline was about. */
static int is_too_late(tdri_exchange *x, int64_t now)
{
    const int was_late = x->late;

    x->late = until_deadline(x, now) <= 0;
    return x->late && (was_late || x->taken == 0);
}

/* What ends the exchange now although libcurl would go on: a cancel or a limit; TDREST_OK: nothing. */
static int check_limits(tdri_exchange *x, tdrest_error *err)
{
    int64_t now = tdri_now_ms();

    if (tdri_loop_is_cancelled(x->loop))
        return tdri_exchange_fail(x, TDREST_ECANCELLED, CURLE_OK, "the call was cancelled", err);
    if (x->unwatched != TDREST_OK)
        return tdri_exchange_fail(x, x->unwatched, CURLE_OK, x->unwatched == TDREST_ENOMEM ? "out of memory for the connection"
                                  : "the socket hook refused to watch the connection", err);
    if (is_too_late(x, now))
        return tdri_exchange_fail(x, TDREST_ETIMEOUT, CURLE_OPERATION_TIMEDOUT, "timeout_ms passed", err);
    if (until_stall(x, now) <= 0)
        return tdri_exchange_fail(x, TDREST_ETIMEOUT, CURLE_OPERATION_TIMEDOUT, "stall_timeout_ms passed without a byte", err);
    return TDREST_OK;
}

/*
 * Lets libcurl do what can be done now. TDREST_OK or the failure. libcurl 8.14 and later decode what they held back within curl_easy_pause, and
 * report a damaged body there and nowhere else.
 */
static int perform(tdri_exchange *x, tdrest_error *err)
{
    CURLcode rc = CURLE_OK;

    if (x->paused) {
        x->paused = 0;
        rc = curl_easy_pause(x->easy, CURLPAUSE_CONT);
    }
    if (rc != CURLE_OK)
        return tdri_exchange_fail_curl(x, rc, err);
    if (x->held_len > 0) /* the taker is full again: libcurl 8.14 would read on, and keep it all */
        return TDREST_OK;
    if (tdri_loop_perform(x->loop) != TDREST_OK)
        return tdri_exchange_fail(x, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "libcurl is out of memory", err);
    return TDREST_OK;
}

/* A limit holds while bytes keep coming, too; an answer that has ended in time has ended. */
static int step(tdri_exchange *x, tdrest_error *err)
{
    int held = !offer_held(x), rc = TDREST_OK;

    if (tdri_loop_is_cancelled(x->loop))
        return check_limits(x, err);
    if (!held && !x->finished)
        rc = perform(x, err);
    if (rc == TDREST_OK && x->finished && x->held_len == 0)
        return complete(x, err);
    if (rc == TDREST_OK)
        rc = check_limits(x, err);
    if (rc == TDREST_OK)
        rc = x->held_len > 0 || x->taken > 0 ? TDREST_ROW : TDRI_WAIT;
    return rc;
}

int tdri_exchange_step(tdri_exchange *x, tdri_sink *sink, void *context, tdrest_error *err)
{
    int rc;

    x->sink = sink;
    x->context = context;
    if (x->with_taker)
        x->waiting_since_ms = tdri_now_ms();
    tdri_loop_enter(x->loop);
    rc = step(x, err);
    tdri_loop_leave(x->loop);
    x->with_taker = rc == TDREST_ROW;
    x->taken = 0;
    return rc;
}

int tdri_exchange_run(tdri_exchange *x, tdri_sink *sink, void *context, tdrest_error *err)
{
    int rc;

    tdri_loop_enter(x->loop);
    while ((rc = tdri_exchange_step(x, sink, context, err)) == TDRI_WAIT)
        if (tdri_loop_wait(x->loop, tdri_exchange_wait_ms(x)) != TDREST_OK) {
            rc = tdri_exchange_fail(x, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "libcurl is out of memory", err);
            break;
        }
    tdri_loop_leave(x->loop);
    return rc;
}

void tdri_exchange_lift_deadline(tdri_exchange *x)
{
    x->deadline_ms = 0;
}

/* Counts what is thrown away. */
static size_t discard(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)context += len;
    return len;
}

void tdri_exchange_finish(tdri_exchange *x, size_t max_bytes, int64_t max_ms)
{
    size_t thrown = 0;
    int rc = TDREST_ROW;
    tdrest_error ignored;

    if (!x->active)
        return;
    x->deadline_ms = tdri_deadline_ms(max_ms);
    while (rc == TDREST_ROW && max_ms > 0 && thrown <= max_bytes) {
        tdri_err_reset(&ignored);
        rc = tdri_exchange_run(x, discard, &thrown, &ignored);
    }
    if (!x->active)
        return;
    tdri_loop_enter(x->loop);
    end_transfer(x);
    tdri_loop_leave(x->loop);
}

int tdri_exchange_http_status(tdri_exchange *x)
{
    if (x->active)
        note_answer(x);
    return x->http_status;
}

const char *tdri_exchange_content_type(tdri_exchange *x)
{
    if (x->active)
        note_answer(x);
    return x->content_type[0] == '\0' ? NULL : x->content_type;
}

const char *tdri_exchange_answerer(const tdri_exchange *x)
{
    return x->answerer[0] == '\0' ? NULL : x->answerer;
}

int64_t tdri_exchange_retry_after_ms(const tdri_exchange *x)
{
    return tdri_retry_after_ms(&x->retry_after);
}

const char *tdri_exchange_content_encoding(const tdri_exchange *x)
{
    return x->decodes || x->encoding[0] == '\0' || tdri_text_is(x->encoding, strlen(x->encoding), "identity") ? NULL : x->encoding;
}
