/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The transport over libcurl's multi interface. Knows HTTP and time limits, neither JSON nor SQL. */
#include "net/transport.h"

#include "base/text.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#if LIBCURL_VERSION_NUM < 0x073d00
#error "tdrest needs libcurl 7.61 or later"
#endif

/* libcurl hands out pieces of at most this size; one is kept while the caller is full. */
enum { PIECE = CURL_MAX_WRITE_SIZE, WAIT_MS = 1000 };

typedef struct curl_transport {
    tdri_transport base;
    tdrest_allocator mem;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    tdri_buf url;
    const tdri_request *request;
    size_t sent;          /* bytes of the body handed to libcurl */
    int active;           /* the easy handle is in the multi handle */
    int paused;
    int answered;         /* a status line has come */
    int64_t deadline_ms;  /* monotonic; 0: none */
    int64_t stall_ms;
    int64_t waiting_since_ms;
    tdri_sink *sink;      /* of the pull at hand */
    void *context;
    size_t taken;         /* bytes the sink took during it */
    size_t held_len;      /* bytes kept for a full caller */
    size_t held_at;
    char held[PIECE];
    char message[CURL_ERROR_SIZE];
} curl_transport;

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_code; /* written once, by global_init */

static void global_init(void)
{
    global_code = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
    curl_transport *t = (curl_transport *)context;
    size_t len = t->request->body_len - t->sent;

    if (len > size * count)
        len = size * count;
    if (len != 0)
        memcpy(to, (const char *)t->request->body + t->sent, len);
    t->sent += len;
    return len;
}

/* libcurl would send a POST again by itself when a kept-alive connection dies; whether to repeat is not its decision. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    (void)context;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    curl_transport *t = (curl_transport *)context;

    (void)line;
    t->answered = 1;
    t->waiting_since_ms = now_ms();
    return size * count;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *context)
{
    curl_transport *t = (curl_transport *)context;
    size_t len = size * count, took;

    if (t->held_len > 0) {
        t->paused = 1;
        return CURL_WRITEFUNC_PAUSE;
    }
    took = t->sink == NULL ? len : t->sink(t->context, bytes, len);
    t->taken += len;
    t->waiting_since_ms = now_ms();
    if (took < len) {
        memcpy(t->held, bytes + took, len - took);
        t->held_at = 0;
        t->held_len = len - took;
    }
    return len;
}

static void set_tls(curl_transport *t, const tdrest_options *options)
{
    const char *verify = tdri_opts_text(options, TDRI_OPT_TLS_VERIFY);
    const char *file;

    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, strcmp(verify, "none") == 0 ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, strcmp(verify, "full") == 0 ? 2L : 0L);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_CA_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_CAINFO, file);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_CERT_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLCERT, file);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_KEY_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLKEY, file);
}

/* What stays the same for every exchange. */
static void set_fixed(curl_transport *t, const tdrest_options *options)
{
    const char *proxy = tdri_opts_text(options, TDRI_OPT_PROXY);

    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(t->easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->message);
    curl_easy_setopt(t->easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(t->easy, CURLOPT_READDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    if (strcmp(proxy, "environment") != 0)
        curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
    set_tls(t, options);
}

static int add_header(curl_transport *t, const char *line)
{
    struct curl_slist *more = curl_slist_append(t->headers, line);

    if (more != NULL)
        t->headers = more;
    return more != NULL;
}

/* The request's headers; `Expect:` empty, or libcurl would wait a second for 100-continue. Only a request that asks for gzip has its answer inflated. */
static int set_headers(curl_transport *t, const tdri_request *request)
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
    curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, gzip ? "gzip" : NULL);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    return 1;
}

static void drop(curl_transport *t)
{
    if (t->active)
        curl_multi_remove_handle(t->multi, t->easy);
    t->active = 0;
    t->held_len = 0;
    t->sink = NULL;
}

static int out_of_memory(tdrest_error *err)
{
    return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the request");
}

static int curl_start(tdri_transport *transport, const char *origin, const tdri_request *request,
                      const tdri_limits *limits, tdrest_error *err)
{
    curl_transport *t = (curl_transport *)transport;

    drop(t);
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
    t->request = request;
    t->sent = t->held_len = t->taken = 0;
    t->paused = t->answered = 0;
    t->message[0] = '\0';
    t->waiting_since_ms = now_ms();
    t->deadline_ms = limits->total_ms > 0 ? t->waiting_since_ms + limits->total_ms : 0;
    t->stall_ms = limits->stall_ms;
    if (curl_multi_add_handle(t->multi, t->easy) != CURLM_OK)
        return out_of_memory(err);
    t->active = 1;
    return TDREST_OK;
}

static int phase(const curl_transport *t)
{
    curl_off_t uploaded = 0;
    double connected = 0;

    if (t->answered)
        return TDREST_PHASE_READ;
    curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME, &connected);
    if (t->sent == t->request->body_len && (curl_off_t)t->sent == uploaded && connected > 0)
        return TDREST_PHASE_WAIT;
    return connected > 0 ? TDREST_PHASE_SEND : TDREST_PHASE_CONNECT;
}

static int fail(curl_transport *t, int code, CURLcode curl_code, const char *what, tdrest_error *err)
{
    int where = phase(t);
    int rc = tdri_err_set(err, code, "%s", what);

    err->phase = where;
    err->curl_code = (int)curl_code;
    if (code == TDREST_ECONNECT || code == TDREST_ETIMEOUT)
        err->repeat = where < TDREST_PHASE_WAIT ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT;
    drop(t);
    return rc;
}

static int fail_curl(curl_transport *t, CURLcode curl_code, tdrest_error *err)
{
    int code = TDREST_ECONNECT;
    const char *text = t->message[0] != '\0' ? t->message : curl_easy_strerror(curl_code);

    switch (curl_code) {
    case CURLE_OPERATION_TIMEDOUT: code = TDREST_ETIMEOUT; break;
    case CURLE_OUT_OF_MEMORY: code = TDREST_ENOMEM; break;
    case CURLE_BAD_CONTENT_ENCODING: code = TDREST_EANSWER; break;
    case CURLE_UNSUPPORTED_PROTOCOL: /* an answer without HTTP's status line */
    case CURLE_WEIRD_SERVER_REPLY: code = TDREST_ENOTADAPTER; break;
    case CURLE_SEND_FAIL_REWIND: text = "the kept-alive connection died; the request was not sent again"; break;
    default: break;
    }
    return fail(t, code, curl_code, text, err);
}

/* TDREST_ROW while the exchange goes on. */
static int completed(curl_transport *t, tdrest_error *err)
{
    int left;
    CURLMsg *message = curl_multi_info_read(t->multi, &left);
    CURLcode result;

    if (message == NULL || message->msg != CURLMSG_DONE)
        return TDREST_ROW;
    result = message->data.result;
    if (result != CURLE_OK)
        return fail_curl(t, result, err);
    drop(t);
    return TDREST_DONE;
}

/* The bytes kept for a full caller. 1 when none are left. */
static int offer_held(curl_transport *t)
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

/* Milliseconds to the nearest limit, at most WAIT_MS; 0 when one has passed (*what tells which). */
static int64_t time_left(const curl_transport *t, const char **what)
{
    int64_t now = now_ms(), left = WAIT_MS;

    if (t->deadline_ms > 0 && t->deadline_ms - now < left) {
        left = t->deadline_ms - now;
        *what = "timeout_ms passed";
    }
    if (t->stall_ms > 0 && t->waiting_since_ms + t->stall_ms - now < left) {
        left = t->waiting_since_ms + t->stall_ms - now;
        *what = "stall_timeout_ms passed without a byte";
    }
    return left < 0 ? 0 : left;
}

static CURLMcode wait_for_socket(curl_transport *t, int64_t ms)
{
#if LIBCURL_VERSION_NUM >= 0x074200
    return curl_multi_poll(t->multi, NULL, 0, (int)ms, NULL);
#else
    return curl_multi_wait(t->multi, NULL, 0, (int)ms, NULL);
#endif
}

static int curl_pull(tdri_transport *transport, tdri_sink *sink, void *context, tdrest_error *err)
{
    curl_transport *t = (curl_transport *)transport;
    const char *what = "";
    int running, rc;
    int64_t left;

    t->sink = sink;
    t->context = context;
    t->taken = 0;
    t->waiting_since_ms = now_ms();
    if (!offer_held(t))
        return TDREST_ROW;
    for (;;) {
        if (t->paused) {
            t->paused = 0;
            if (curl_easy_pause(t->easy, CURLPAUSE_CONT) == CURLE_OUT_OF_MEMORY)
                return fail(t, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "out of memory while reading", err);
        }
        if (curl_multi_perform(t->multi, &running) != CURLM_OK)
            return fail(t, TDREST_ENOMEM, CURLE_OUT_OF_MEMORY, "libcurl is out of memory", err);
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

static void curl_untimed(tdri_transport *transport)
{
    ((curl_transport *)transport)->deadline_ms = 0;
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
    curl_transport *t = (curl_transport *)transport;
    size_t thrown = 0;
    tdrest_error ignored;
    int64_t until = now_ms() + max_ms;

    if (!t->active)
        return;
    t->deadline_ms = until;
    while (thrown <= max_bytes && now_ms() < until) {
        tdri_err_reset(&ignored);
        if (curl_pull(transport, discard, &thrown, &ignored) != TDREST_ROW)
            return;
    }
    drop(t);
}

static int curl_http_status(const tdri_transport *transport)
{
    long status = 0;

    curl_easy_getinfo(((const curl_transport *)transport)->easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

static const char *curl_content_type(const tdri_transport *transport)
{
    char *type = NULL;

    curl_easy_getinfo(((const curl_transport *)transport)->easy, CURLINFO_CONTENT_TYPE, &type);
    return type;
}

static void curl_free_transport(tdri_transport *transport)
{
    curl_transport *t = (curl_transport *)transport;

    drop(t);
    curl_easy_cleanup(t->easy);
    curl_multi_cleanup(t->multi);
    curl_slist_free_all(t->headers);
    tdri_buf_clear(&t->url);
    tdri_mem_free(&t->mem, t);
}

static const tdri_transport_ops ops = {
    curl_start, curl_pull, curl_untimed, curl_finish, curl_http_status, curl_content_type, curl_free_transport,
};

int tdri_curl_new(const tdrest_options *options, tdri_transport **out, tdrest_error *err)
{
    curl_transport *t;

    *out = NULL;
    pthread_once(&global_once, global_init);
    if (global_code != CURLE_OK)
        return tdri_err_set(err, TDREST_ECONNECT, "libcurl could not be initialised: %s", curl_easy_strerror(global_code));
    t = (curl_transport *)tdri_mem_zeroed(&options->mem, 1, sizeof *t);
    if (t == NULL)
        return out_of_memory(err);
    t->base.ops = &ops;
    t->mem = options->mem;
    tdri_buf_init(&t->url, &t->mem, 65536);
    t->multi = curl_multi_init();
    t->easy = curl_easy_init();
    if (t->multi == NULL || t->easy == NULL) {
        curl_free_transport(&t->base);
        return out_of_memory(err);
    }
    set_fixed(t, options);
    *out = &t->base;
    return TDREST_OK;
}

const char *tdri_curl_version(int *interruptible)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    *interruptible = info->version_num >= 0x075700 || (info->features & CURL_VERSION_ASYNCHDNS && info->ares != NULL);
    return info->version;
}
