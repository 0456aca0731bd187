/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* libcurl as other versions of it are. Knows nothing of what is tested. */
#include "curl_hook.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

tdrt_curl_hook tdrt_curl;

typedef CURLcode setting(CURL *easy, CURLoption option, ...);
typedef CURLcode pausing(CURL *easy, int what);

/* ISO C has no conversion from what dlsym answers to a function. */
static void find(const char *name, void *function)
{
    void *found = NULL;

#ifdef RTLD_NEXT
    found = dlsym(RTLD_NEXT, name);
#else
    (void)name;
#endif
    memcpy(function, &found, sizeof found);
}

/* The argument's type goes by the option's number. */
static CURLcode pass_on(CURL *easy, CURLoption option, va_list args)
{
    setting *real;

    find("curl_easy_setopt", &real);
    if (real == NULL)
        return CURLE_FAILED_INIT;
    if (option < CURLOPTTYPE_OBJECTPOINT)
        return real(easy, option, va_arg(args, long));
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_OFF_T + 10000)
        return real(easy, option, va_arg(args, curl_off_t));
    return real(easy, option, va_arg(args, void *));
}

CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list args, look;
    CURLcode code = tdrt_curl.refusal;

    va_start(args, option);
    va_copy(look, args);
    if (option == CURLOPT_CAPATH && va_arg(look, char *) == NULL)
        tdrt_curl.no_ca_path++;
    va_end(look);
    if (code == CURLE_OK || option != tdrt_curl.refused)
        code = pass_on(easy, option, args);
    va_end(args);
#if LIBCURL_VERSION_NUM >= 0x074000
    if (option == CURLOPT_HTTP09_ALLOWED && tdrt_curl.takes_http09) {
        setting *real;

        find("curl_easy_setopt", &real);
        (void)(real == NULL ? CURLE_FAILED_INIT : real(easy, CURLOPT_HTTP09_ALLOWED, 1L));
        code = CURLE_UNKNOWN_OPTION;
    }
#endif
    return code;
}

/* The argument is a pointer, whatever is asked. */
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
    CURLcode (*real)(CURL *, CURLINFO, ...), code;
    va_list args;
    void *out;

    va_start(args, info);
    out = va_arg(args, void *);
    va_end(args);
    find("curl_easy_getinfo", &real);
    if (real == NULL)
        return CURLE_FAILED_INIT;
    code = real(easy, info, out);
    if (info == CURLINFO_SIZE_UPLOAD_T)
        *(curl_off_t *)out -= tdrt_curl.held_back;
    return code;
}

CURLcode curl_easy_pause(CURL *easy, int what)
{
    pausing *real;

    if (what == CURLPAUSE_CONT)
        tdrt_curl.resumes++;
    if (what == CURLPAUSE_CONT && tdrt_curl.resumed != CURLE_OK)
        return tdrt_curl.resumed;
    find("curl_easy_pause", &real);
    return real == NULL ? CURLE_FAILED_INIT : real(easy, what);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
    CURLMsg *(*real)(CURLM *, int *), *message;

    find("curl_multi_info_read", &real);
    message = real(multi, left);
    if (message != NULL && message->data.result != CURLE_OK && tdrt_curl.result != CURLE_OK)
        message->data.result = tdrt_curl.result;
    return message;
}

curl_version_info_data *curl_version_info(CURLversion version)
{
    static _Thread_local curl_version_info_data data;
    curl_version_info_data *(*real)(CURLversion);

    find("curl_version_info", &real);
    data = *real(version);
    if (tdrt_curl.no_https_proxy)
        data.features &= ~CURL_VERSION_HTTPS_PROXY;
    return &data;
}

static void raise_sigpipe(void)
{
    if (tdrt_curl.raises_sigpipe) {
        tdrt_curl.raised++;
        raise(SIGPIPE);
    }
}

CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
    CURLMcode (*real)(CURLM *, int *);

    raise_sigpipe();
    find("curl_multi_perform", &real);
    return real(multi, running);
}

CURLMcode curl_multi_socket_action(CURLM *multi, curl_socket_t fd, int events, int *running)
{
    CURLMcode (*real)(CURLM *, curl_socket_t, int, int *);

    tdrt_curl.events += fd != CURL_SOCKET_TIMEOUT;
    find("curl_multi_socket_action", &real);
    return real(multi, fd, events, running);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
    CURLMcode (*real)(CURLM *, CURL *);

    raise_sigpipe();
    find("curl_multi_remove_handle", &real);
    return real(multi, easy);
}

CURLMcode curl_multi_cleanup(CURLM *multi)
{
    CURLMcode (*real)(CURLM *);

    raise_sigpipe();
    find("curl_multi_cleanup", &real);
    return real(multi);
}

void curl_easy_cleanup(CURL *easy)
{
    void (*real)(CURL *);

    raise_sigpipe();
    find("curl_easy_cleanup", &real);
    real(easy);
}
