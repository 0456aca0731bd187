/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One exchange over libcurl's multi interface. Knows HTTP and time limits, neither JSON nor SQL. */
#include "net/curl_transport.h"

#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t tdri_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t tdri_deadline_ms(int64_t limit_ms)
{
    int64_t now = tdri_now_ms();

    if (limit_ms <= 0)
        return 0;
    return limit_ms > INT64_MAX - now ? INT64_MAX : now + limit_ms;
}

static int add_header(tdri_curl_transport *t, const char *line)
{
    struct curl_slist *more = curl_slist_append(t->headers, line);

    if (more != NULL)
        t->headers = more;
    return more != NULL;
}

/* The request's headers; `Expect:` empty, or libcurl would wait a second for 100-continue. Only a request that asks for gzip has its answer inflated. */
static int set_headers(tdri_curl_transport *t, const tdri_request *request)
{
    static const char accepts[] = "Accept-Encoding:";
    const char *line = tdri_buf_text(&request->headers);
    int gzip = 0;

    curl_slist_free_all(t->headers);
    t->headers = NULL;
    if (!add_header(t, "Expect:"))
        return 0;
    for (size_t i = 0; i < request->header_count; i++, line += strlen(line) + 1) {
        gzip |= strncmp(line, accepts, sizeof accepts - 1) == 0;
        if (!add_header(t, line))
            return 0;
    }
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    return curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, gzip ? "gzip" : NULL) != CURLE_OUT_OF_MEMORY;
}

/*
 * Whether ending a transfer waits for the thread that looks a name up. It must not while that is pending, or
 * neither limit nor cancel would hold.
 */
static void abandon_lookup(tdri_curl_transport *t, int yes)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(t->easy, CURLOPT_QUICK_EXIT, yes ? 1L : 0L);
#endif
    t->looking_up = yes;
}

void tdri_curl_drop(tdri_curl_transport *t)
{
    if (t->active)
        curl_multi_remove_handle(t->multi, t->easy);
    if (t->looking_up)
        abandon_lookup(t, 0);
    t->active = 0;
    t->held_len = 0;
    t->sink = NULL;
}

static int out_of_memory(tdrest_error *err)
{
    return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the request");
}

/*
 * Bytes that came while nothing was asked for, or the connection's end. libcurl before 8 would take such bytes for the answer to the
 * next request.
 */
static int idle_has_input(const tdri_curl_transport *t)
{
    struct pollfd p = {t->idle, POLLIN, 0};

    return t->idle != CURL_SOCKET_BAD && poll(&p, 1, 0) > 0;
}

static int curl_start(tdri_transport *transport, const char *origin, const tdri_request *request,
                      const tdri_limits *limits, tdrest_error *err)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;

    tdri_curl_drop(t);
    tdri_buf_reset(&t->url);
    tdri_buf_add_text(&t->url, origin);
    tdri_buf_add_text(&t->url, tdri_buf_text(&request->target));
    if (tdri_buf_code(&t->url) != TDREST_OK || !set_headers(t, request))
        return out_of_memory(err);
    if (curl_easy_setopt(t->easy, CURLOPT_URL, tdri_buf_text(&t->url)) != CURLE_OK)
        return out_of_memory(err);
    if (strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
    } else {
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_ms);
    curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, idle_has_input(t) ? 1L : 0L);
    t->request = request;
    t->sent = t->held_len = t->taken = 0;
    t->paused = t->answered = t->departed = 0;
    t->message[0] = '\0';
    t->waiting_since_ms = tdri_now_ms();
    t->deadline_ms = tdri_deadline_ms(limits->total_ms);
    t->stall_ms = limits->stall_ms;
    abandon_lookup(t, 1);
    if (curl_multi_add_handle(t->multi, t->easy) != CURLM_OK)
        return out_of_memory(err);
    t->active = 1;
    return TDREST_OK;
}

/* 1 when the whole body has been handed over: to this connection, or to one before it that died. */
static int all_sent(const tdri_curl_transport *t)
{
    return t->sent > 0 && t->sent == t->request->body_len;
}

/*
 * Whether the request may have been written, in part at least. Before 7.80 libcurl tells it by CURLINFO_PRETRANSFER_TIME, which newer versions
 * set after a connect that failed, too. (CURLINFO_REQUEST_SIZE will not do: 8.7 has 0 there after an answer that was broken off.)
 */
static int may_have_departed(const tdri_curl_transport *t)
{
    double connected = 0;

    if (t->tells_departure || t->sent > 0)
        return t->departed || t->sent > 0;
    curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME, &connected);
    return connected > 0;
}

/* How far the exchange got. Where that is not certain, as far as it may have got: whether a repeat is safe depends on it. */
static int phase(const tdri_curl_transport *t)
{
    if (t->answered)
        return TDREST_PHASE_READ;
    if (all_sent(t))
        return TDREST_PHASE_WAIT;
    if (!may_have_departed(t))
        return TDREST_PHASE_CONNECT;
    return t->request->body_len == 0 ? TDREST_PHASE_WAIT : TDREST_PHASE_SEND;
}

/* What is likely when scheme and server do not go together: libcurl's own text does not say. */
static const char *hint(const tdri_curl_transport *t, CURLcode curl_code)
{
    if (curl_code == CURLE_GOT_NOTHING && strncmp(tdri_buf_text(&t->url), "http:", 5) == 0)
        return "; a server that speaks TLS wants https://";
    if (curl_code == CURLE_SSL_CONNECT_ERROR && strstr(t->message, "wrong version number") != NULL) /* OpenSSL about plain text */
        return "; a server without TLS wants http://";
    return "";
}

static int fail(tdri_curl_transport *t, int code, CURLcode curl_code, const char *what, tdrest_error *err)
{
    int where = phase(t);
    int rc = tdri_err_set(err, code, "%s%s", what, hint(t, curl_code));

    err->phase = where;
    err->curl_code = (int)curl_code;
    if (code == TDREST_ECONNECT || code == TDREST_ETIMEOUT)
        err->repeat = where < TDREST_PHASE_WAIT ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT;
    tdri_curl_drop(t);
    return rc;
}

static int fail_curl(tdri_curl_transport *t, CURLcode curl_code, tdrest_error *err)
{
    int code = TDREST_ECONNECT;
    const char *text = t->message[0] != '\0' ? t->message : curl_easy_strerror(curl_code);

    switch (curl_code) {
    case CURLE_OPERATION_TIMEDOUT: code = TDREST_ETIMEOUT; break;
    case CURLE_OUT_OF_MEMORY: code = TDREST_ENOMEM; break;
    case CURLE_BAD_CONTENT_ENCODING: code = TDREST_EANSWER; break;
    case CURLE_UNSUPPORTED_PROTOCOL: /* an answer without HTTP's status line */
    case CURLE_WEIRD_SERVER_REPLY: code = TDREST_ENOTADAPTER; break;
    default: break;
    }
    if (curl_code == CURLE_WRITE_ERROR && !t->answered) { /* see on_write */
        code = TDREST_ENOTADAPTER;
        curl_code = CURLE_WEIRD_SERVER_REPLY;
        text = "the answer has no HTTP status line";
    }
    if (curl_code == CURLE_SEND_FAIL_REWIND || (curl_code == CURLE_COULDNT_CONNECT && t->sent > 0))
        text = "the kept-alive connection died; the request was not sent again";
    return fail(t, code, curl_code, text, err);
}

/* TDREST_ROW while the exchange goes on. */
static int completed(tdri_curl_transport *t, tdrest_error *err)
{
    int left;
    CURLMsg *message = curl_multi_info_read(t->multi, &left);
    CURLcode result;

    if (message == NULL || message->msg != CURLMSG_DONE)
        return TDREST_ROW;
    result = message->data.result;
    if (result != CURLE_OK)
        return fail_curl(t, result, err);
    if (curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &t->idle) != CURLE_OK)
        t->idle = CURL_SOCKET_BAD;
    tdri_curl_drop(t);
    return TDREST_DONE;
}

/* The bytes kept for a full caller. 1 when none are left. */
static int offer_held(tdri_curl_transport *t)
{
    size_t took;

    if (t->held_len == 0)
        return 1;
    took = t->sink(t->context, t->held + t->held_at, t->held_len);
    t->held_at += took;
    t->held_len -= took;
    t->taken += took;
    return t->held_len == 0;
}

/* Milliseconds to the nearest limit, at most TDRI_WAIT_MS; 0 when one has passed (*what tells which). */
static int64_t time_left(const tdri_curl_transport *t, const char **what)
{
    int64_t now = tdri_now_ms(), left = TDRI_WAIT_MS;

    if (t->deadline_ms > 0 && t->deadline_ms - now < left) {
        left = t->deadline_ms - now;
        *what = "timeout_ms passed";
    }
    if (t->stall_ms > 0 && t->stall_ms - (now - t->waiting_since_ms) < left) {
        left = t->stall_ms - (now - t->waiting_since_ms);
        *what = "stall_timeout_ms passed without a byte";
    }
    return left < 0 ? 0 : left;
}

/* Until something can be read or written, the call is cancelled, or the time is up. The pipe is always among what is waited for. */
static CURLMcode wait_for_socket(tdri_curl_transport *t, int64_t ms)
{
    struct curl_waitfd wake = {t->wake[0], CURL_WAIT_POLLIN, 0};

    return curl_multi_wait(t->multi, &wake, 1, (int)ms, NULL);
}

/*
 * Lets libcurl do what can be done now. TDREST_OK or the failure. libcurl 8.14 and later decode what they held back within curl_easy_pause, and
 * report a damaged body there and nowhere else.
 */
static int perform(tdri_curl_transport *t, tdrest_error *err)
{
    double looked_up = 0;
    int running;
    CURLcode rc = CURLE_OK;

    if (atomic_load(&t->cancelled))
        return fail(t, TDREST_ECANCELLED, CURLE_OK, "the call was cancelled", err);
    if (t->paused) {
        t->paused = 0;
        rc = curl_easy_pause(t->easy, CURLPAUSE_CONT);
    }
    if (rc != CURLE_OK)
        return fail_curl(t, rc, err);
    if (curl_multi_perform(t->multi, &running) != CURLM_OK)
        return fail(t, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "libcurl is out of memory", err);
    if (t->looking_up && curl_easy_getinfo(t->easy, CURLINFO_NAMELOOKUP_TIME, &looked_up) == CURLE_OK && looked_up > 0)
        abandon_lookup(t, 0);
    return TDREST_OK;
}

static int curl_pull(tdri_transport *transport, tdri_sink *sink, void *context, tdrest_error *err)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;
    const char *what = "";
    int64_t left;
    int rc;

    t->sink = sink;
    t->context = context;
    t->taken = 0;
    t->waiting_since_ms = tdri_now_ms();
    if (!offer_held(t))
        return TDREST_ROW;
    for (;;) {
        rc = perform(t, err);
        if (rc != TDREST_OK)
            return rc;
        if (t->held_len > 0)
            return TDREST_ROW;
        rc = completed(t, err);
        if (rc != TDREST_ROW || t->taken > 0)
            return rc;
        left = time_left(t, &what);
        if (left == 0)
            return fail(t, TDREST_ETIMEOUT, CURLE_OPERATION_TIMEDOUT, what, err);
        if (wait_for_socket(t, left) != CURLM_OK)
            return fail(t, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "libcurl is out of memory", err);
    }
}

static void curl_enter(tdri_transport *transport)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;
    char bytes[64];

    while (read(t->wake[0], bytes, sizeof bytes) > 0)
        ;
    atomic_store(&t->cancelled, 0);
    atomic_store(&t->running, 1);
}

static void curl_leave(tdri_transport *transport)
{
    atomic_store(&((tdri_curl_transport *)transport)->running, 0);
}

/* Nothing but what a signal handler may do. */
static void curl_cancel(tdri_transport *transport)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;
    int before = errno;

    if (!atomic_load(&t->running))
        return;
    atomic_store(&t->cancelled, 1);
    if (write(t->wake[1], "", 1) < 0)
        errno = before; /* the pipe is full: it wakes the wait as it is */
}

static void curl_untimed(tdri_transport *transport)
{
    ((tdri_curl_transport *)transport)->deadline_ms = 0;
}

/* Counts what is thrown away. */
static size_t discard(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)context += len;
    return len;
}

static void curl_finish(tdri_transport *transport, size_t max_bytes, int64_t max_ms)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;
    size_t thrown = 0;
    tdrest_error ignored;
    int64_t until = tdri_deadline_ms(max_ms);

    if (!t->active)
        return;
    t->deadline_ms = until;
    while (thrown <= max_bytes && tdri_now_ms() < until) {
        tdri_err_reset(&ignored);
        if (curl_pull(transport, discard, &thrown, &ignored) != TDREST_ROW)
            return;
    }
    tdri_curl_drop(t);
}

static int curl_http_status(const tdri_transport *transport)
{
    long status = 0;

    curl_easy_getinfo(((const tdri_curl_transport *)transport)->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

static const char *curl_content_type(const tdri_transport *transport)
{
    char *type = NULL;

    curl_easy_getinfo(((const tdri_curl_transport *)transport)->easy, CURLINFO_CONTENT_TYPE, &type);
    return type;
}

const tdri_transport_ops tdri_curl_ops = {
    curl_enter, curl_leave, curl_cancel, curl_start, curl_pull, curl_untimed, curl_finish, curl_http_status, curl_content_type, tdri_curl_free,
};
