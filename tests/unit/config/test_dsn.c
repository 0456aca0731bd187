/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reading and writing DSNs, the environment, and both when memory ends. */
#include "test.h"

#include "config/host.h"
#include "config/options.h"

static tdrest_options *fresh(void)
{
    tdrest_options *options;

    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    return options;
}

static void accepted(void)
{
    static const struct { const char *dsn, *key, *value; } table[] = {
        {"http://localhost", "host", "localhost"}, {"http://localhost", "port", "6041"}, {"http://localhost", "user", "root"},
        {"http://localhost", "password", "taosdata"}, {"https://localhost", "port", "443"}, {"HTTPS://h", "scheme", "https"},
        {"http://root:taosdata@localhost:6041/test", "database", "test"},
        {"http://root:taosdata@localhost:6041/test", "host", "localhost:6041"},
        {"http://h/", "database", NULL}, {"http://h/?", "host", "h"}, {"http://h?", "host", "h"}, {"http://h/%60MyDb%60", "database", "`MyDb`"},
        {"http://h/`MyDb`", "database", "`MyDb`"}, {"http://h/MyDb", "database", "MyDb"}, {"http://h?database=d", "database", "d"},
        {"http://u:p@h", "user", "u"}, {"http://u:p@h", "password", "p"}, {"http://u@h", "password", NULL},
        {"http://u%40x:p%3A%2F%3F%23%40%25@h", "user", "u@x"}, {"http://u:p%3A%2F%3F%23%40%25@h", "password", "p:/?#@%"},
        {"http://u:p:q@h", "password", "p:q"}, {"http://u:p@q@h", "password", "p@q"}, {"http://u:a,b@h", "password", "a,b"},
        {"http://h?user=u&password=p", "password", "p"}, {"http://h?password=a+b", "password", "a+b"}, {"http://a%2Bb:p@h", "user", "a+b"},
        {"http://h?token=a+b%2Bc%26d", "token", "a+b+c&d"}, {"http://h?token=t", "user", NULL}, {"http://h?bearer_token=a.b", "bearer_token", "a.b"},
        {"http://h?timezone=Asia/Shanghai", "timezone", "Asia/Shanghai"}, {"http://h?timezone=Asia%2FShanghai", "timezone", "Asia/Shanghai"},
        {"http://h?timezone=Etc/GMT+5", "timezone", "Etc/GMT+5"}, {"http://h?timezone=Etc/GMT%2B5", "timezone", "Etc/GMT+5"},
        {"http://h?&&compression=true&", "compression", "true"}, {"http://h?Compression=true", "compression", "true"},
        {"http://h?stall-timeout-ms=5", "stall_timeout_ms", "5"}, {"http://h?stall%5Ftimeout_ms=%35", "stall_timeout_ms", "5"},
        {"http://h?app=a=b", "app", "a=b"}, {"http://h?app=a%20b", "app", "a b"}, {"http://h?tls_ca_file=/etc/ca?.pem", "tls_ca_file", "/etc/ca?.pem"},
        {"http://h?port=7000", "port", "7000"}, {"http://%6c%6F", "host", "lo"}, {"http://[%3A%3A1]:%38", "host", "[::1]:8"},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();
        const char *value;

        CHECK(tdrest_options_parse(options, table[i].dsn) == TDREST_OK, "%s: %s", table[i].dsn, tdrest_options_error(options)->message);
        value = tdrest_options_get(options, table[i].key);
        CHECK(value == NULL || table[i].value == NULL ? value == table[i].value : strcmp(value, table[i].value) == 0,
              "%s: %s is \"%s\", expected \"%s\"", table[i].dsn, table[i].key, value == NULL ? "(null)" : value,
              table[i].value == NULL ? "(null)" : table[i].value);
        tdrest_options_free(options);
    }
}

static const struct { const char *dsn; int64_t offset; const char *message; } refusals[] = {
    {"", 0, "a DSN begins with http:// or https://"}, {"localhost:6041", 0, "a DSN begins with"}, {"root:s3cr3t@host", 0, "a DSN begins with"},
    {"http:/h", 0, "a DSN begins with"}, {"ftp://h", 0, "scheme: expected http or https, not 'ftp'"}, {"://h", 0, "scheme: expected"}, {" http://h", 0, "scheme: expected http or https, not ' http'"}, {"root:s3cr3t?proxy=http://p", 0, "a DSN begins with"},
    {"taosrest://h", 0, "http://"}, {"http://a,::1", 9, "in brackets"}, {"http://fe80::1%25eth0", 7, "in brackets"},
    {"http://", 7, "host: expected a name or an address"}, {"http:///db", 7, "host: expected"}, {"http://?app=x", 7, "host: expected"}, {"http://u:p@", 11, "host: expected"},
    {"http://u:p@/db", 11, "host: expected"}, {"http://:6041", 7, "host: expected"}, {"http://a,", 9, "host: expected"}, {"http://a,,b", 9, "host: expected"},
    {"http://a,b:x", 11, "host: expected a port from 1 to 65535 behind the colon; user and password end with @"}, {"http://a:0", 9, "host: expected a port from 1 to 65535"},
    {"http://a:65536", 9, "host: expected a port from 1 to 65535, not '65536'"}, {"http://a:99999/db", 9, "65535, not '99999'"}, {"http://a:", 9, "host: expected a port from 1 to 65535"},
    {"http://a:6041 ", 13, "host: expected a port from 1 to 65535, not a space"}, {"http://%61:6041 /db", 7, "65535, not a space"}, {"http://[::1]6041", 12, "host: expected a colon and a port behind the ]"},
    {"http://root:33333333", 12, "host: expected a port from 1 to 65535"}, {"http://root:s3cr3t 1", 12, "host: expected a port from 1 to 65535"}, {"http://a,-b", 9, "host: expected a letter, a digit or _ at the beginning of a name"},
    {"http://a..b", 9, "host: expected 1 to 63 bytes between the dots of a name"}, {"http://b%C3%BCcher", 7, "host: expected letters, digits, - _ and . in a name, not '\xc3\xbc'"},
    {"http://b\xc3\xbc" "cher", 8, "not '\xc3\xbc'"}, {"http://::1", 7, "host: expected an IPv6 address in brackets, such as [::1]:6041"}, {"http://2001:db8::1:6041", 7, "in brackets"},
    {"http://a,[::1", 9, "host: expected a ] behind the IPv6 address"}, {"http://[::g]", 7, "host: expected an IPv6 address in the brackets"}, {"http://[::1%00]", 7, "host: expected"},
    {"http://a%00b", 7, "host: expected letters, digits, - _ and . in a name, not a control character"}, {"http://a b", 8, "host: expected letters, digits, - _ and . in a name, not a space"}, {"http://a%2Cb", 7, "in a name, not ','"},
    {"http://root:s3cr3t", 12, "host: expected"}, {"http://root:s3cr3t/db", 12, "host: expected"},
    {"http://root:1/s3.cr3t", 14, "database: expected"}, {"http://root:1/s3?timezone=s3cr3t", 26, "timezone: expected"}, {"http://root:1?compression=s3cr3t", 26, "false or true"},
    {"http://root:1?s3cr3t=x", 14, "no such option"}, {"http://root:0333/db", 12, "a port from 1 to 65535"}, {"http://root:03333", 12, "a port from 1 to 65535"}, {"http://u:p@h/a.b", 13, "not 'a.b'"},
    {"http://@h", 7, "user: expected"}, {"http://:s3cr3t@h", 7, "user: expected"}, {"http://u:@h", 9, "password: expected"}, {"http://u%3As3cr3t@h", 7, "user: expected"},
    {"http://u:s3cr3t%00@h", 9, "password: expected"}, {"http://u:s3cr3t%0a@h", 9, "password: expected"}, {"http://u:s3cr3t%@h", 15, "two hex digits"},
    {"http://u:s3cr3t%4@h", 15, "two hex digits"}, {"http://u:s3/cr3t@h", 16, "write an @ after the host as %40"}, {"http://u:s3?s3cr3t@h", 18, "write an @ after the host as %40"},
    {"http://u:s3/cr@3t@h", 14, "write an @ after the host as %40"}, {"http://u:12/s3cr3t@h", 18, "write an @ after the host as %40"}, {"http://u:12?s3cr3t=1@h", 20, "write an @ after the host as %40"},
    {"http://u:s3#cr3t@h", 11, "must be written %23"}, {"http://h/db#x", 11, "must be written %23"}, {"http://h%zz", 8, "two hex digits"}, {"http://a,b%2", 10, "two hex digits"},
    {"http://h/a/b", 9, "database: expected"}, {"http://h/db/", 9, "database: expected"}, {"http://h//", 9, "database: expected"}, {"http://h/a.b", 9, "database: expected"},
    {"http://h/a%2Fb", 9, "database: expected"}, {"http://h/a%", 10, "two hex digits"}, {"http://h/a?database=b", 20, "database: given twice"},
    {"http://h?app", 9, "expected key=value"}, {"http://h?app=x&app", 15, "expected key=value"}, {"http://h?=x", 9, "the option's key is missing"},
    {"http://h?nosuch=s3cr3t", 9, "no such option"}, {"http://u:p@h?nosuch=s3cr3t", 13, "nosuch: no such option"}, {"http://h?app=x&timeot_ms=5", 15, "timeot_ms: no such option; the nearest is timeout_ms"},
    {"http://h?ap%zz=x", 11, "two hex digits"}, {"http://h?app=%x", 13, "two hex digits"}, {"http://h?app=a&app=b", 19, "app: given twice"},
    {"http://h?host=b", 14, "host: given twice"}, {"http://h?scheme=http", 16, "scheme: given twice"}, {"http://u:p@h?user=v", 18, "user: given twice"},
    {"http://h?app=", 13, "app: expected"}, {"http://h?timeout_ms=5s", 20, "timeout_ms: expected 0 to 86400000 milliseconds"},
    {"http://u:p@h/db?compression=yes", 28, "compression: expected false or true, not 'yes'"}, {"http://h?timezone=UTC+8", 18, "write Etc/GMT-8"},
    {"http://h?timezone=UTC%2B8", 18, "write Etc/GMT-8"}, {"http://h?timezone=+08:00", 18, "write Etc/GMT-8"}, {"http://h?timezone=GMT+8", 18, "write Etc/GMT-8"},
    {"http://h?timezone=utc", 18, "write UTC"}, {"http://h?proxy=http://u:s3cr3t%40proxy", 15, "proxy: expected a port behind the host, such as proxy.example:3128"}, {"http://h?proxy=http://s3cr3t:s3cr3t", 15, "proxy: expected a port from 1 to 65535 behind the colon"},
    {"http://h?proxy=socks5://p:1", 15, "proxy: expected none, environment or http://, https:// or socks5h://"},
    {"http://u:s3cr3t@h?token=s3cr3t", 24, "more than one kind of credentials: user and password, token"},
    {"http://u@h?bearer_token=s3cr3t&app=x", 24, "user and password, bearer_token"}, {"http://h?token=s3cr3t&bearer_token=s3cr3t", 35, "credentials: token, bearer_token"},
    {"http://h?token=s3cr3t&password=s3cr3t", 31, "user and password, token"},
    {"http://h?bearer_token=s3cr3t%20x", 22, "bearer_token: expected"},
};

/* The message says what and where, never a secret; nothing of the DSN is taken. */
static void refused(void)
{
    size_t i, opt;

    for (i = 0; i < COUNT_OF(refusals); i++) {
        tdrest_options *options = fresh();
        const tdrest_error *err = tdrest_options_error(options);
        const char *dsn = refusals[i].dsn;

        CHECK(tdrest_options_parse(options, dsn) == TDREST_EOPTION, "%s was accepted", dsn);
        CHECK_INT(err->cls, TDREST_CLASS_INTERFACE);
        CHECK(err->offset == refusals[i].offset, "%s: offset is %" PRId64 ", expected %" PRId64 " (%s)", dsn, err->offset, refusals[i].offset, err->message);
        CHECK(strstr(err->message, refusals[i].message) != NULL, "%s: \"%s\"", dsn, err->message);
        CHECK(strstr(err->message, "s3") == NULL && strstr(err->message, "333") == NULL && strstr(err->message, "cr3t") == NULL, "%s: \"%s\"", dsn, err->message);
        for (opt = 0; opt < TDRI_OPT_COUNT; opt++)
            CHECK(options->text[opt] == NULL, "%s: %s was taken", dsn, tdrest_options_get_info(opt)->key);
        tdrest_options_free(options);
    }
}

/* Other protocols: what this library cannot do, and what to write instead. */
static void other_protocols(void)
{
    static const struct { const char *dsn, *message; } table[] = {
        {"ws://h:6041", "write http://"}, {"wss://h", "write https://"}, {"taos://h:6030", "write http://"}, {"WS://h", "write http://"}, {"taosws://h", "write http://"},
        {"taoswss://h", "write https://"}, {"taos+ws://h", "write http://"}, {"taos+wss://u:s3cr3t@h/db", "write https://"},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();
        const tdrest_error *err = tdrest_options_error(options);

        CHECK(tdrest_options_parse(options, table[i].dsn) == TDREST_EUNSUPPORTED, "%s: %s", table[i].dsn, err->message);
        CHECK_TEXT(tdrest_class_name(err->cls), "NotSupportedError");
        CHECK_INT(err->offset, 0);
        CHECK(strstr(err->message, table[i].message) != NULL && strstr(err->message, "cr3t") == NULL, "%s: \"%s\"", table[i].dsn, err->message);
        CU_ASSERT(options->text[TDRI_OPT_SCHEME] == NULL && options->text[TDRI_OPT_HOST] == NULL);
        tdrest_options_free(options);
    }
}

#ifndef TDRT_MINI /* which has no connections */
static void other_protocols_opened(void)
{
    tdrest_conn *conn = NULL;
    char why[256];

    CHECK_INT(tdrest_open("ws://h", &conn, why, sizeof why), TDREST_EUNSUPPORTED);
    CHECK_TEXT(why, "scheme: ws:// is WebSocket; write http:// with the same host and port");
}
#endif

static void addresses(void)
{
    static const struct { const char *dsn; size_t index; const char *host; int port; } table[] = {
        {"http://h", 0, "h", 6041}, {"https://h", 0, "h", 443}, {"https://h:6041", 0, "h", 6041}, {"http://h", 1, "", 0},
        {"http://u:p@a:1,b,c:3/db", 0, "a", 1}, {"http://u:p@a:1,b,c:3/db", 1, "b", 6041}, {"http://u:p@a:1,b,c:3/db", 2, "c", 3},
        {"http://u:p@a:1,b,c:3/db", 3, "", 0}, {"http://u:p@a:1,b,c:3/db", 99, "", 0}, {"http://a:1,b?port=7", 1, "b", 7},
        {"http://[::1]", 0, "::1", 6041}, {"https://[2001:db8::1]:8443,[::2]", 0, "2001:db8::1", 8443}, {"https://[2001:db8::1]:8443,[::2]", 1, "::2", 443},
        {"http://[fe80::1%25eth0]:1", 0, "fe80::1%eth0", 1}, {"http://[::ffff:10.0.0.1]", 0, "::ffff:10.0.0.1", 6041}, {"http://10.0.0.1:65535", 0, "10.0.0.1", 65535},
    };
    char host[256];
    size_t i;
    int port;

    for (i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();

        CHECK_INT(tdrest_options_parse(options, table[i].dsn), TDREST_OK);
        CHECK_INT(tdri_opts_address(options, table[i].index, host, &port), table[i].port != 0);
        CHECK_TEXT(host, table[i].host);
        CHECK_INT(port, table[i].port);
        tdrest_options_free(options);
    }
}

/* What a DSN does not name stays; what it names is replaced; a refused one changes nothing. */
static void over_others(void)
{
    tdrest_options *options = fresh();

    CHECK_INT(tdrest_options_parse(options, "https://u:p@a/db?app=one&conn_retries=1"), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, "http://b?app=two"), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "scheme"), "http");
    CHECK_TEXT(tdrest_options_get(options, "host"), "b");
    CHECK_TEXT(tdrest_options_get(options, "user"), "u");
    CHECK_TEXT(tdrest_options_get(options, "password"), "p");
    CHECK_TEXT(tdrest_options_get(options, "database"), "db");
    CHECK_TEXT(tdrest_options_get(options, "app"), "two");
    CHECK_TEXT(tdrest_options_get(options, "conn_retries"), "1");
    CHECK_INT(tdrest_options_parse(options, "https://x:y@c/e?app=three&conn_retries=x"), TDREST_EOPTION);
    CHECK_TEXT(tdrest_options_get(options, "scheme"), "http");
    CHECK_TEXT(tdrest_options_get(options, "host"), "b");
    CHECK_TEXT(tdrest_options_get(options, "user"), "u");
    CHECK_TEXT(tdrest_options_get(options, "password"), "p");
    CHECK_TEXT(tdrest_options_get(options, "database"), "db");
    CHECK_TEXT(tdrest_options_get(options, "app"), "two");
    CHECK_TEXT(tdrest_options_get(options, "conn_retries"), "1");
    CHECK_INT(tdrest_options_parse(options, NULL), TDREST_EUSAGE);
    CHECK_TEXT(tdrest_options_get(options, "host"), "b");
    tdrest_options_free(options);
}

/* Credentials of two kinds are refused wherever the two come from. */
static void credentials_meet(void)
{
    static const struct { const char *key, *value, *dsn; int64_t offset; } table[] = {
        {"token", "s3cr3t", "http://u:s3cr3t@h", 9}, {"bearer_token", "s3cr3t", "http://u:s3cr3t@h", 9}, {"user", "u", "http://h?token=s3cr3t", 15},
        {"password", "s3cr3t", "http://h?bearer_token=s3cr3t", 22}, {"token", "s3cr3t", "http://h?bearer_token=s3cr3t", 22},
    };
    tdrest_options *options;
    size_t i;

    for (i = 0; i < COUNT_OF(table); i++) {
        options = fresh();
        CHECK_INT(tdrest_options_set(options, table[i].key, table[i].value), TDREST_OK);
        CHECK_INT(tdrest_options_parse(options, table[i].dsn), TDREST_EOPTION);
        CHECK(strstr(tdrest_options_error(options)->message, "more than one kind of credentials") != NULL, "%s", tdrest_options_error(options)->message);
        CHECK(strstr(tdrest_options_error(options)->message, "s3cr3t") == NULL, "%s", tdrest_options_error(options)->message);
        CHECK_INT(tdrest_options_error(options)->offset, table[i].offset);
        CHECK_TEXT(tdrest_options_get(options, table[i].key), table[i].value);
        CHECK_TEXT(tdrest_options_get(options, "host"), "localhost");
        tdrest_options_free(options);
    }
    options = fresh();
    CHECK_INT(tdrest_options_set(options, "token", "t"), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, "http://h?token=other"), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "token"), "other");
    CHECK_INT(tdri_opts_check(options, &options->err), TDREST_OK);
    tdrest_options_free(options);
}

static const struct { const char *dsn, *formatted; } formats[] = {
    {"http://localhost", "http://localhost"}, {"HTTPS://h:1,[::1]:2", "https://h:1,[::1]:2"},
    {"http://u:s3cr3t@h/db", "http://u:***@h/db"}, {"http://root:taosdata@h", "http://root:***@h"}, {"http://u@h", "http://u@h"}, {"http://h?password=s3cr3t", "http://h?password=***"},
    {"http://u%40%3Fx:s3cr3t@h", "http://u%40%3Fx:***@h"}, {"http://h?token=s3cr3t&app=x", "http://h?token=***&app=x"}, {"http://h?bearer_token=s3cr3t", "http://h?bearer_token=***"},
    {"http://h/%60My%20Db%60", "http://h/%60My%20Db%60"}, {"http://h?timezone=Etc/GMT-8&compression=true", "http://h?timezone=Etc%2FGMT-8&compression=true"},
    {"http://h?compression=false&timezone=UTC&timeout_ms=0", "http://h"}, {"http://h?port=7000", "http://h?port=7000"}, {"http://[fe80::1%25eth0]:1,b", "http://[fe80::1%25eth0]:1,b"},
    {"http://h?log_level=debug&app=a%26b%3Dc%2b", "http://h?app=a%26b%3Dc%2B&log_level=debug"}, {"http://h?tls_verify=ca&tls_ca_file=/a", "http://h?tls_ca_file=%2Fa&tls_verify=ca"},
    {"http://h?proxy=environment&tls_min_version=1.3", "http://h?tls_min_version=1.3&proxy=environment"}, {"http://h?proxy=http://p:1", "http://h?proxy=http%3A%2F%2Fp%3A1"},
    {"http://h?proxy=HTTPS://s3cr3t:s3cr3t%40p:1", "http://h?proxy=HTTPS%3A%2F%2F***%40p%3A1"}, {"http://h?proxy=socks5h://s3%2540:s3cr3t%40[::1]:1/", "http://h?proxy=socks5h%3A%2F%2F***%40%5B%3A%3A1%5D%3A1"},
};

static void formatted(void)
{
    char text[512], again[512];
    size_t i, len;

    for (i = 0; i < COUNT_OF(formats); i++) {
        tdrest_options *options = fresh(), *other = fresh();

        CHECK_INT(tdrest_options_parse(options, formats[i].dsn), TDREST_OK);
        CHECK_INT(tdrest_options_format(options, text, sizeof text, &len), TDREST_OK);
        CHECK_TEXT(text, formats[i].formatted);
        CHECK_INT(len, strlen(text));
        CHECK_INT(tdrest_options_parse(other, text), TDREST_OK);
        CHECK_INT(tdrest_options_format(other, again, sizeof again, NULL), TDREST_OK);
        CHECK_TEXT(again, text);
        tdrest_options_free(other);
        tdrest_options_free(options);
    }
}

static void format_cut(void)
{
    static const char dsn[] = "http://u:s3cr3t@h/db?app=a%20b", whole[] = "http://u:***@h/db?app=a%20b";
    tdrest_options *options = fresh();
    char text[64];
    size_t cap, len;

    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    CHECK_INT(tdrest_options_format(options, NULL, 0, &len), TDREST_ERANGE);
    CHECK_INT(len, sizeof whole - 1);
    for (cap = 0; cap <= sizeof whole; cap++) {
        memset(text, '#', sizeof text);
        CHECK_INT(tdrest_options_format(options, text, cap, &len), cap < sizeof whole ? TDREST_ERANGE : TDREST_OK);
        CHECK_INT(len, sizeof whole - 1);
        CHECK(cap == 0 || (strlen(text) == (cap < sizeof whole ? cap - 1 : len) && memcmp(text, whole, strlen(text)) == 0), "cap %zu: \"%s\"", cap, text);
        CU_ASSERT(text[cap] == '#');
    }
    tdrest_options_free(options);
}

static void set_environment(const char *const *pairs)
{
    for (; *pairs != NULL; pairs += 2)
        setenv(pairs[0], pairs[1], 1);
}

static void clear_environment(void)
{
    const tdrest_option_info *info;
    char name[64];
    size_t i, j;

    unsetenv("TDREST_DSN");
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        snprintf(name, sizeof name, "TDREST_%s", info->key);
        for (j = 0; name[j] != '\0'; j++)
            name[j] = (char)(name[j] >= 'a' && name[j] <= 'z' ? name[j] - 32 : name[j]);
        unsetenv(name);
    }
}

static void environment(void)
{
    static const char *const good[] = {
        "TDREST_DSN", "https://u:p@h/db?app=one", "TDREST_APP", "two", "TDREST_STALL_TIMEOUT_MS", "9", "TDREST_HOST", "", NULL,
    };
    tdrest_options *options = fresh();

    clear_environment();
    CHECK_INT(tdrest_options_from_env(options), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "app"), "tdrest");
    CHECK_INT(tdrest_options_set(options, "conn_retries", "1"), TDREST_OK);
    set_environment(good);
    CHECK_INT(tdrest_options_from_env(options), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "scheme"), "https");
    CHECK_TEXT(tdrest_options_get(options, "host"), "h");
    CHECK_TEXT(tdrest_options_get(options, "password"), "p");
    CHECK_TEXT(tdrest_options_get(options, "app"), "two");
    CHECK_TEXT(tdrest_options_get(options, "stall_timeout_ms"), "9");
    CHECK_TEXT(tdrest_options_get(options, "conn_retries"), "1");
    clear_environment();
    tdrest_options_free(options);
}

/* A wrong variable is named, and nothing of the others is taken. */
static void environment_refused(void)
{
    static const struct { const char *pairs[6]; int64_t offset; const char *message; } table[] = {
        {{"TDREST_APP", "x", "TDREST_TIMEOUT_MS", "5s"}, -1, "TDREST_TIMEOUT_MS: timeout_ms: expected 0 to 86400000 milliseconds, not '5s'"},
        {{"TDREST_APP", "x", "TDREST_DSN", "http://h?timeout_ms=x"}, 20, "TDREST_DSN: timeout_ms: expected 0 to 86400000 milliseconds"},
        {{"TDREST_APP", "x", "TDREST_DSN", "http://u:p@h", "TDREST_TOKEN", "t"}, -1,
         "TDREST_ variables: more than one kind of credentials: user and password, token; expected one of them"},
        {{"TDREST_APP", "x", "TDREST_BEARER_TOKEN", "t s3cr3t"}, -1, "TDREST_BEARER_TOKEN: bearer_token: expected printable ASCII without blanks, 1 to 4096 bytes"},
    };
    size_t i, j;

    for (i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();

        clear_environment();
        for (j = 0; j < 6 && table[i].pairs[j] != NULL; j += 2)
            setenv(table[i].pairs[j], table[i].pairs[j + 1], 1);
        CHECK_INT(tdrest_options_from_env(options), TDREST_EOPTION);
        CHECK_TEXT(tdrest_options_error(options)->message, table[i].message);
        CHECK_INT(tdrest_options_error(options)->offset, table[i].offset);
        CHECK_INT(tdrest_options_error(options)->cls, TDREST_CLASS_INTERFACE);
        CHECK_TEXT(tdrest_options_get(options, "app"), "tdrest");
        CHECK_TEXT(tdrest_options_get(options, "host"), "localhost");
        CHECK_TEXT(tdrest_options_get(options, "user"), "root");
        tdrest_options_free(options);
    }
    clear_environment();
}

/* Memory that ends after `left` allocations, and counts what is held. */
typedef struct meter {
    int left;
    int held;
} meter;

static void *meter_resize(void *context, void *old, size_t bytes)
{
    meter *m = (meter *)context;
    void *p = m->left-- > 0 ? realloc(old, bytes) : NULL;

    m->held += p != NULL && old == NULL;
    return p;
}

static void *meter_alloc(void *context, size_t bytes)
{
    return meter_resize(context, NULL, bytes);
}

static void meter_release(void *context, void *old)
{
    ((meter *)context)->held -= old != NULL;
    free(old);
}

/* Each step, with memory ending at each allocation: ENOMEM, and everything as it was. */
static int build_up(tdrest_options *options, tdrest_options **copy)
{
    int rc = tdrest_options_set(options, "app", "new");

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, "https://u:p@h,i/db?timezone=CET");
    if (rc == TDREST_OK)
        rc = tdrest_options_from_env(options);
    if (rc == TDREST_OK)
        rc = tdri_opts_copy(options, copy);
    return rc;
}

static void memory_ends(void)
{
    meter m = {0, 0};
    tdrest_allocator mem = {sizeof mem, &m, meter_alloc, meter_resize, meter_release};
    tdrest_options *options, *copy;
    int n, rc = TDREST_ENOMEM;

    clear_environment();
    setenv("TDREST_DSN", "http://other?conn_retries=7", 1);
    setenv("TDREST_BLOCK_BYTES", "4096", 1);
    for (n = 0; rc == TDREST_ENOMEM && n < 100; n++) {
        m.left = n;
        copy = NULL;
        rc = tdrest_options_new(&mem, &options);
        CU_ASSERT((rc == TDREST_OK) == (options != NULL));
        if (options == NULL)
            continue;
        rc = build_up(options, &copy);
        CHECK(rc == TDREST_OK || (rc == TDREST_ENOMEM && copy == NULL), "%d after %d allocations", rc, n);
        if (strcmp(tdrest_options_get(options, "scheme"), "https") == 0)
            CHECK_TEXT(tdrest_options_get(options, "host"), "h,i");
        else
            CU_ASSERT(tdrest_options_get(options, "database") == NULL || strcmp(tdrest_options_get(options, "host"), "other") == 0);
        tdrest_options_free(copy);
        tdrest_options_free(options);
        CHECK_INT(m.held, 0);
    }
    CHECK(n > 15 && n < 100, "%d allocations", n);
    clear_environment();
}

static void allocators(void)
{
    meter m = {100, 0};
    tdrest_allocator good = {sizeof good, &m, meter_alloc, meter_resize, meter_release}, bad;
    tdrest_options *options;

    CHECK_INT(tdrest_options_new(&good, &options), TDREST_OK);
    tdrest_options_free(options);
    bad = good;
    bad.size = 0;
    CHECK_INT(tdrest_options_new(&bad, &options), TDREST_EUSAGE);
    CU_ASSERT(options == NULL);
    bad = good;
    bad.alloc = NULL;
    CHECK_INT(tdrest_options_new(&bad, &options), TDREST_EUSAGE);
    bad = good;
    bad.resize = NULL;
    CHECK_INT(tdrest_options_new(&bad, &options), TDREST_EUSAGE);
    bad = good;
    bad.release = NULL;
    CHECK_INT(tdrest_options_new(&bad, &options), TDREST_EUSAGE);
}

/* An address without brackets, as the environment or a flag gives it. */
static void bare_ipv6(void)
{
    static const struct { const char *list, *formatted; size_t index; const char *host; int port; } table[] = {
        {"::1", "http://[::1]", 0, "::1", 6041}, {"a:1,fe80::1%eth0,[::2]:3", "http://a:1,[fe80::1%25eth0],[::2]:3", 1, "fe80::1%eth0", 6041},
        {"a:1,fe80::1%eth0,[::2]:3", "http://a:1,[fe80::1%25eth0],[::2]:3", 2, "::2", 3},
    };
    char text[128], host[TDRI_HOST_MAX + 1];

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();
        int port = 0;

        clear_environment();
        setenv("TDREST_HOST", table[i].list, 1);
        CHECK_INT(tdrest_options_from_env(options), TDREST_OK);
        CHECK_TEXT(tdrest_options_get(options, "host"), table[i].list);
        CHECK_INT(tdrest_options_format(options, text, sizeof text, NULL), TDREST_OK);
        CHECK_TEXT(text, table[i].formatted);
        CHECK_INT(tdri_opts_address(options, table[i].index, host, &port), 1);
        CHECK_TEXT(host, table[i].host);
        CHECK_INT(port, table[i].port);
        tdrest_options_free(options);
    }
    clear_environment();
}

CU_TestInfo tdrt_dsn[] = {
    {"other protocols", other_protocols},
#ifndef TDRT_MINI
    {"other protocols, opened", other_protocols_opened},
#endif
    {"IPv6 without brackets", bare_ipv6},
    {"accepted", accepted},
    {"refused", refused},
    {"addresses", addresses},
    {"over others", over_others},
    {"credentials meet", credentials_meet},
    {"formatted", formatted},
    {"format cut", format_cut},
    {"environment", environment},
    {"environment refused", environment_refused},
    {"memory ends", memory_ends},
    {"allocators", allocators},
    CU_TEST_INFO_NULL,
};
