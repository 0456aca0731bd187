/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The URL of the option `proxy`. */
#include "test.h"

#include "config/proxy.h"

#define TEXT_51 "012345678901234567890123456789012345678901234567890"
#define TEXT_255 TEXT_51 TEXT_51 TEXT_51 TEXT_51 TEXT_51

static const struct { const char *url, *scheme, *user, *password, *address; } good[] = {
    {"http://p:3128", "http", "", "", "p:3128"},
    {"HTTPS://p.example:443/", "https", "", "", "p.example:443"},
    {"socks5h://10.0.0.1:1080", "socks5h", "", "", "10.0.0.1:1080"},
    {"http://u:p@[::1]:1", "http", "u", "p", "[::1]:1"},
    {"http://u@p:1", "http", "u", "", "p:1"},
    {"http://u:@p:1", "http", "u", "", "p:1"},
    {"http://u:a:b@p:1", "http", "u", "a:b", "p:1"},
    {"http://a%20b:%40%2F%3A%25@p:65535", "http", "a b", "@/:%", "p:65535"},
    {"http://u:a@b/c?d#e@p:1", "http", "u", "a@b/c?d#e", "p:1"},
    {"http://u:\xc3\xa9@p:1", "http", "u", "\xc3\xa9", "p:1"},
    {"http://" TEXT_255 ":" TEXT_255 "@p:1", "http", TEXT_255, TEXT_255, "p:1"},
    {"http://[fe80::1%25eth0]:1", "http", "", "", "[fe80::1%25eth0]:1"},
};

static const char *const bad[] = {
    "", "http", "http:", "http:/", "http://", "http:///", "://p:1", "p:1", "http://p", "http://p:", "http://p:0", "http://p:65536", "http://p:1/x", "http://p:1//",
    "http://p:1?x", "http://p:1,q:2", "http://::1:1", "http://[::1]", "http://u:p@", "http://u:p@p", "http://@p:1", "http://:p@p:1", "http://u%3Ax:p@p:1",
    "http://u%:p@p:1", "http://u:%4@p:1", "http://u:a%0ab@p:1", "http://u:a%00b@p:1", "http://u%7f@p:1", "http://u:a\tb@p:1", "http:p:1", "http:/p:1",
    "ftp://p:1", "socks4://p:1", "socks5://p:1", "socks4a://p:1", "httpx://p:1", "htt://p:1", " http://p:1", "http://p:1 ", "http:// p:1",
    "http://" TEXT_255 "x:p@p:1", "http://u:" TEXT_255 "x@p:1",
};

static void parsed(void)
{
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        char user[TDRI_PROXY_LOGIN_MAX + 1], password[TDRI_PROXY_LOGIN_MAX + 1], address[300];
        tdri_proxy proxy;

        if (!tdri_proxy_parse(good[i].url, strlen(good[i].url), &proxy) || !tdri_proxy_login(&proxy, user, password)) {
            CHECK(0, "%s is refused", good[i].url);
            continue;
        }
        snprintf(address, sizeof address, "%.*s", (int)proxy.address_len, proxy.address);
        CHECK_TEXT(proxy.scheme, good[i].scheme);
        CHECK_TEXT(user, good[i].user);
        CHECK_TEXT(password, good[i].password);
        CHECK_TEXT(address, good[i].address);
        CHECK((proxy.login != NULL) == (user[0] != '\0'), "%s: login", good[i].url);
    }
}

static void refused(void)
{
    tdri_proxy proxy;

    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(!tdri_proxy_parse(bad[i], strlen(bad[i]), &proxy), "%s is taken", bad[i]);
    CHECK(!tdri_proxy_parse("http://u:a\0b@p:1", 16, &proxy), "a NUL is taken");
    CHECK(!tdri_proxy_parse("http://p:12", 9, &proxy), "what is behind the end counts");
}

CU_TestInfo tdrt_proxy[] = {
    {"parsed", parsed},
    {"refused", refused},
    CU_TEST_INFO_NULL,
};
