/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The option table and the object over it. */
#include "test.h"

#include "config/options.h"

#include <stdlib.h>

static tdrest_options *fresh(void)
{
    tdrest_options *options;

    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    return options;
}

static void same_or_null(const char *key, const char *actual, const char *expected)
{
    if (expected == NULL)
        CHECK(actual == NULL, "%s is \"%s\", expected none", key, actual);
    else
        CHECK(actual != NULL && strcmp(actual, expected) == 0, "%s is \"%s\", expected \"%s\"", key,
              actual == NULL ? "(null)" : actual, expected);
}

static void defaults(void)
{
    static const struct { const char *key, *value; int secret; } table[] = {
        {"scheme", "http", 0}, {"host", "localhost", 0}, {"port", "6041", 0}, {"user", "root", 0},
        {"password", "taosdata", 1}, {"token", NULL, 1}, {"bearer_token", NULL, 1}, {"database", NULL, 0},
        {"timezone", "UTC", 0}, {"compression", "false", 0}, {"connect_timeout_ms", "10000", 0},
        {"timeout_ms", "0", 0}, {"stall_timeout_ms", "300000", 0}, {"conn_retries", "5", 0},
        {"retry_backoff_ms", "200", 0}, {"retry_backoff_max_ms", "2000", 0}, {"retry", "auto", 0},
        {"retry_for_ms", "60000", 0}, {"verify_rows", "none", 0}, {"pool_max", "10", 0},
        {"pool_wait_ms", "30000", 0}, {"pool_idle_ms", "50000", 0}, {"pool_ping_ms", "30000", 0},
        {"pool_lifetime_ms", "1800000", 0}, {"max_per_host", "4", 0}, {"max_in_flight", "4", 0}, {"writer_bytes", "2097152", 0}, {"spool_dir", NULL, 0}, {"spool_sync", "batch", 0},
        {"spool_bytes", "0", 0}, {"spool_full", "refuse", 0}, {"tls_ca_file", NULL, 0},
        {"tls_cert_file", NULL, 0}, {"tls_key_file", NULL, 0}, {"tls_verify", "full", 0},
        {"tls_min_version", NULL, 0}, {"proxy", "none", 2},
        {"app", "tdrest", 0}, {"block_bytes", "131072", 0}, {"batch_bytes", "262144", 0},
        {"max_cell_bytes", "16777216", 0}, {"max_sql_bytes", "1048576", 0},
        {"arrow_text", "utf8", 0}, {"arrow_timestamp", "auto", 0}, {"arrow_extensions", "false", 0}, {"log_level", "none", 0},
    };
    tdrest_options *options = fresh();
    char host[256];
    size_t i;
    int port;

    CHECK_INT(COUNT_OF(table), TDRI_OPT_COUNT);
    for (i = 0; i < COUNT_OF(table); i++) {
        const tdrest_option_info *info = tdrest_options_get_info(i);

        CHECK_TEXT(info->key, table[i].key);
        CHECK_TEXT(info->default_value, table[i].value == NULL ? "" : table[i].value);
        CHECK_INT(info->secret, table[i].secret);
        CHECK_INT(info->size, sizeof *info);
        CHECK(info->values[0] != '\0' && info->meaning[0] != '\0', "%s is not described", info->key);
        same_or_null(table[i].key, tdrest_options_get(options, table[i].key), table[i].value);
    }
    CU_ASSERT(tdrest_options_get_info(TDRI_OPT_COUNT) == NULL);
    CU_ASSERT(tdrest_options_get_info(SIZE_MAX) == NULL);
    CHECK_INT(tdri_opts_check(options, &options->err), TDREST_OK);
    CHECK_INT(tdri_opts_address(options, 0, host, &port), 1);
    CHECK_TEXT(host, "localhost");
    CHECK_INT(port, 6041);
    CHECK_INT(tdri_opts_address(options, 1, host, &port), 0);
    tdrest_options_free(options);
    tdrest_options_free(NULL);
}

/* Every default is accepted as a value, and survives being set. */
static void defaults_are_values(void)
{
    tdrest_options *options = fresh();
    const tdrest_option_info *info;
    size_t i;

    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        if (info->default_value[0] == '\0')
            continue;
        CHECK(tdrest_options_set(options, info->key, info->default_value) == TDREST_OK, "%s", tdrest_options_error(options)->message);
        CHECK_TEXT(tdrest_options_get(options, info->key), info->default_value);
    }
    tdrest_options_free(options);
}

#define NAME_16 "n234567890123456"
#define NAME_48 NAME_16 NAME_16 NAME_16
#define NAME_64 NAME_48 NAME_16
#define TEXT_255 NAME_64 NAME_64 NAME_64 NAME_48 "n23456789012345"

static const struct { const char *key, *value; } accepted_values[] = {
    {"scheme", "http"}, {"scheme", "https"},
    {"host", "a"}, {"host", "a.b.example."}, {"host", "10.0.0.1:1"}, {"host", "h:65535"}, {"host", "a,b:2,[::1]:3,[fe80::1%eth0]"},
    {"host", "_srv.x-y"}, {"host", "[::ffff:10.0.0.1]"}, {"host", "[fe80::1%eth0.7]"},
    {"host", "::1"}, {"host", "::"}, {"host", "fe80::1%eth0"}, {"host", "a:1,::1,b"}, {"host", "2001:db8::8a2e:370:ff"}, {"host", "1:2:3:4:5:6:7:8"}, {"host", "::ffff:10.0.0.1"},
    {"port", "1"}, {"port", "65535"},
    {"user", "x"}, {"user", "w/ei@rd ?#%+"}, {"user", TEXT_255}, {"user", "\xc3\xa9"},
    {"password", ":"}, {"password", TEXT_255}, {"token", "any text + more"}, {"bearer_token", "a.b-c_d~e+f/g=="},
    {"database", "test"}, {"database", "`MyDb`"}, {"database", NAME_64}, {"database", "`" NAME_64 "`"}, {"database", "\xe6\xb8\xa9"},
    {"compression", "true"}, {"compression", "false"},
    {"connect_timeout_ms", "1"}, {"connect_timeout_ms", "86400000"}, {"timeout_ms", "0"}, {"timeout_ms", "86400000"},
    {"stall_timeout_ms", "0"}, {"stall_timeout_ms", "86400000"}, {"conn_retries", "0"}, {"conn_retries", "100"},
    {"retry_backoff_ms", "0"}, {"retry_backoff_ms", "600000"}, {"retry_backoff_max_ms", "0"}, {"retry_backoff_max_ms", "600000"},
    {"tls_ca_file", "/etc/ssl/a b.pem"}, {"tls_cert_file", "c"}, {"tls_key_file", "k"},
    {"tls_verify", "full"}, {"tls_verify", "ca"}, {"tls_verify", "none"}, {"proxy", "none"}, {"proxy", "environment"},
    {"proxy", "http://proxy:3128"}, {"proxy", "https://u:p@[::1]:3128"}, {"proxy", "socks5h://proxy:1080/"}, {"tls_min_version", "1.2"}, {"tls_min_version", "1.3"},
    {"app", "a"}, {"app", "exactly-23-bytes-long-x"},
    {"block_bytes", "4096"}, {"block_bytes", "67108864"}, {"batch_bytes", "4096"}, {"batch_bytes", "1048576"},
    {"max_cell_bytes", "1024"}, {"max_cell_bytes", "1073741824"}, {"max_sql_bytes", "1024"}, {"max_sql_bytes", "1048576"},
    {"log_level", "none"}, {"log_level", "error"}, {"log_level", "info"}, {"log_level", "debug"},
};

static const struct { const char *key, *value; } refused_values[] = {
    {"scheme", ""}, {"scheme", "HTTP"}, {"scheme", "ftp"}, {"scheme", "http, https"}, {"scheme", "htt"}, {"scheme", "https "},
    {"host", ""}, {"host", ","}, {"host", "a,"}, {"host", ",a"}, {"host", "a,,b"}, {"host", "a b"}, {"host", "a:"}, {"host", "a:0"},
    {"host", "a:65536"}, {"host", "a:99999"}, {"host", "a:00080"}, {"host", "a:123456"}, {"host", "a:8x"}, {"host", ":6041"}, {"host", "::1:6041"}, {"host", "2001:db8::1:443"}, {"host", "::g"}, {"host", "a,::1:2"},
    {"host", "[::1"}, {"host", "[]"}, {"host", "["}, {"host", "[::1]x"}, {"host", "[::1]:"}, {"host", "[12345::]"}, {"host", "[localhost]"},
    {"host", "[fe80::1%]"}, {"host", "[fe80::1%a/b]"}, {"host", "-a"}, {"host", "a..b"}, {"host", ".a"}, {"host", "a/b"}, {"host", "u@a"},
    {"host", NAME_64}, {"host", TEXT_255}, {"host", "b\xc3\xbc" "cher"}, {"host", "[0000:0000:0000:0000:0000:0000:0000:0000:0000:00]"}, {"host", "[::1%" TEXT_255 "]"}, {"host", "a%b"},
    {"port", "0"}, {"port", "65536"}, {"port", ""}, {"port", "x"},
    {"user", ""}, {"user", "a:b"}, {"user", "a\nb"}, {"user", TEXT_255 "x"}, {"password", ""}, {"password", "a\rb"}, {"password", TEXT_255 "x"},
    {"token", ""}, {"token", "a\x7f"}, {"bearer_token", ""}, {"bearer_token", "a b"}, {"bearer_token", "a\tb"}, {"bearer_token", "a\x7f"}, {"bearer_token", "\xc3\xa9"},
    {"database", ""}, {"database", "``"}, {"database", "`"}, {"database", "a.b"}, {"database", "a/b"}, {"database", "a\\b"}, {"database", "a`b"},
    {"database", "`a`b`"}, {"database", "`a"}, {"database", "a`"}, {"database", NAME_64 "x"}, {"database", "`" NAME_64 "x`"}, {"database", "a\nb"},
    {"compression", "1"}, {"compression", "yes"}, {"compression", "True"}, {"compression", ""}, {"compression", "tru"},
    {"connect_timeout_ms", "0"}, {"connect_timeout_ms", "86400001"}, {"timeout_ms", "-1"}, {"timeout_ms", "5s"}, {"timeout_ms", "1e3"},
    {"timeout_ms", "1.0"}, {"timeout_ms", " 1"}, {"timeout_ms", "1 "}, {"timeout_ms", "+1"}, {"timeout_ms", "-0"}, {"timeout_ms", "007"},
    {"timeout_ms", "0x10"}, {"timeout_ms", "99999999999999999999"}, {"timeout_ms", "86400001"}, {"timeout_ms", ""},
    {"stall_timeout_ms", "86400001"}, {"conn_retries", "101"}, {"retry_backoff_ms", "600001"}, {"retry_backoff_max_ms", "600001"},
    {"tls_ca_file", ""}, {"tls_key_file", "a\nb"}, {"tls_verify", "true"}, {"tls_verify", "FULL"}, {"tls_verify", "full,"},
    {"tls_min_version", ""}, {"tls_min_version", "1.1"}, {"tls_min_version", "TLSv1.3"}, {"tls_min_version", "1.2, 1.3"},
    {"proxy", ""}, {"proxy", "env"}, {"proxy", "None"}, {"proxy", "none, environment"}, {"proxy", "http://proxy"}, {"proxy", "http://" TEXT_255 TEXT_255 TEXT_255 TEXT_255 "@p:1"},
    {"app", ""}, {"app", "exactly-24-bytes-long-xy"}, {"app", "a\nb"},
    {"block_bytes", "4095"}, {"block_bytes", "67108865"}, {"batch_bytes", "4095"}, {"batch_bytes", "1048577"},
    {"max_cell_bytes", "1023"}, {"max_cell_bytes", "1073741825"}, {"max_sql_bytes", "1023"}, {"max_sql_bytes", "1048577"},
    {"log_level", "warn"}, {"log_level", "3"},
};

static void accepted(void)
{
    tdrest_options *options = fresh();
    size_t i;

    for (i = 0; i < COUNT_OF(accepted_values); i++) {
        CHECK(tdrest_options_set(options, accepted_values[i].key, accepted_values[i].value) == TDREST_OK, "%s=%s: %s",
              accepted_values[i].key, accepted_values[i].value, tdrest_options_error(options)->message);
        CHECK_INT(tdrest_options_error(options)->code, 0);
        CHECK_TEXT(tdrest_options_get(options, accepted_values[i].key), accepted_values[i].value);
    }
    tdrest_options_free(options);
}

/* A refusal names the key, says what is expected and keeps the value that was there. */
static void refused(void)
{
    tdrest_options *options = fresh();
    size_t i;

    for (i = 0; i < COUNT_OF(refused_values); i++) {
        const char *key = refused_values[i].key, *value = refused_values[i].value;
        const char *kept = tdrest_options_get(options, key);
        const tdrest_error *err = tdrest_options_error(options);

        CHECK(tdrest_options_set(options, key, value) == TDREST_EOPTION, "%s=%s was accepted", key, value);
        CHECK_INT(err->code, TDREST_EOPTION);
        CHECK_INT(err->cls, TDREST_CLASS_INTERFACE);
        CHECK_INT(err->offset, -1);
        CHECK(strncmp(err->message, key, strlen(key)) == 0 && err->message[strlen(key)] == ':', "%s: \"%s\"", key, err->message);
        CHECK(strstr(err->message, "expected ") != NULL, "\"%s\"", err->message);
        CHECK(tdrest_options_get(options, key) == kept, "%s did not keep its value", key);
    }
    tdrest_options_free(options);
}

static void messages(void)
{
    static const struct { const char *key, *value, *message; } table[] = {
        {"timeout_ms", "5s", "timeout_ms: expected 0 to 86400000 milliseconds, not '5s'"},
        {"conn_retries", "-1", "conn_retries: expected 0 to 100, not '-1'"},
        {"max_sql_bytes", "2000000", "max_sql_bytes: expected 1024 to 1048576 bytes, not '2000000'"},
        {"port", "70000", "port: expected 1 to 65535, not '70000'"},
        {"app", "", "app: expected a text without control characters, 1 to 23 bytes, not ''"},
        {"tls_verify", "yes", "tls_verify: expected full, ca or none, not 'yes'"},
        {"compression", "gzip", "compression: expected false or true, not 'gzip'"},
        {"password", "", "password: expected a text without control characters, 1 to 255 bytes"},
        {"host", "::1:6041", "host: expected host[:port][,host[:port]...] with ports from 1 to 65535; IPv6 addresses with a port in brackets, 1 to 4096 bytes"},
        {"database", "`a.b`", "database: expected a name of 1 to 64 bytes without / . \\ or, to preserve its case, the same name in `backquotes`, not '`a.b`'"},
        {"app", "two\nlines", "app: expected a text without control characters, 1 to 23 bytes"},
        {"app", NAME_64, "app: expected a text without control characters, 1 to 23 bytes, not '" NAME_64 "'"},
        {"app", NAME_64 "x", "app: expected a text without control characters, 1 to 23 bytes"},
        {"proxy", "http://proxy", "proxy: expected a port behind the host, such as proxy.example:3128"},
        {"proxy", "http://u:secret@proxy:70000", "proxy: expected a port from 1 to 65535, not '70000'"},
        {"proxy", "https://my proxy:3128", "proxy: expected letters, digits, - _ and . in a name, not a space"},
        {"proxy", "http://::1", "proxy: expected an IPv6 address in brackets, such as [::1]:6041"},
        {"proxy", "http://u%:secret@p:1", "proxy: expected none, environment or http://, https:// or socks5h://[user[:password]@]host:port, percent-encoded, 1 to 1024 bytes"},
        {"timezone", "utc", "timezone: names are case-sensitive; write UTC, not 'utc'"},
        {"timezone", "z", "timezone: 'z' is not an IANA name; write UTC"},
        {"timezone", "+00:00", "timezone: '+00:00' is an offset, not an IANA name; write UTC"},
        {"timezone", "+0800", "timezone: '+0800' is an offset, not an IANA name; for UTC+8 write Etc/GMT-8 (its sign is reversed) or name the place, such as Asia/Shanghai"},
        {"timezone", "+0545", "timezone: '+0545' is an offset, and UTC+05:45 has no IANA name of its own; name the place, such as Asia/Kolkata for UTC+05:30"},
        {"timezone", "Asia/X+8", "timezone: expected an IANA name such as Asia/Shanghai (case-sensitive), UTC, local or server, 1 to 64 bytes, not 'Asia/X+8'"},
        {"scheme", "ws", "scheme: ws:// is WebSocket; write http:// with the same host and port"},
        {"scheme", "wss", "scheme: wss:// is WebSocket; write https:// with the same host and port"},
        {"scheme", "taos", "scheme: taos:// is the native protocol; write http:// with the host and port of taosAdapter, 6041 by default"},
        {"scheme", "taosrest", "scheme: taosrest:// is another connector's name for http://"},
    };
    tdrest_options *options = fresh();
    size_t i;

    for (i = 0; i < COUNT_OF(table); i++) {
        CHECK_INT(tdrest_options_set(options, table[i].key, table[i].value), strstr(table[i].message, "write http") == NULL ? TDREST_EOPTION : TDREST_EUNSUPPORTED);
        CHECK_TEXT(tdrest_options_error(options)->message, table[i].message);
    }
    tdrest_options_free(options);
}

/* What may be a secret is not repeated: credentials, and a URL with a login or a token, the contents of a file or a long text as the value of any option. */
static void no_secrets_in_messages(void)
{
    tdrest_options *options = fresh();
    static const char *const values[] = {"u:s3cr3t\n\x7f/\\", "http://u:s3cr3t@h\n\x7f/\\", "https://h?token=s3cr3t\n\x7f/\\"};
    static const char *const hosts[] = {"root:s3cr3t", "http://root:s3cr3t", "h,root:s3cr3t", "s3cr3t/"};
    const tdrest_option_info *info;
    char text[4098];
    size_t i, k;

    for (i = 0; i < sizeof text - 1; i++)
        text[i] = "s3cr3t"[i % 6];
    text[i] = '\0';
    for (i = 0; i < COUNT_OF(hosts); i++) {
        CHECK_INT(tdrest_options_set(options, "host", hosts[i]), TDREST_EOPTION);
        CHECK(strstr(tdrest_options_error(options)->message, "s3cr3t") == NULL, "\"%s\"", tdrest_options_error(options)->message);
    }
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        CHECK_INT(tdrest_options_set(options, info->key, text), TDREST_EOPTION);
        CHECK(strstr(tdrest_options_error(options)->message, "s3cr3t") == NULL, "\"%s\"", tdrest_options_error(options)->message);
        for (k = 0; k < COUNT_OF(values); k++) {
            CHECK_INT(tdrest_options_set(options, info->key, values[k]), TDREST_EOPTION);
            CHECK(strstr(tdrest_options_error(options)->message, "s3cr3t") == NULL, "\"%s\"", tdrest_options_error(options)->message);
        }
    }
    tdrest_options_free(options);
}

static void time_zones(void)
{
    static const char *const good[] = {
        "UTC", "GMT", "local", "server", "Asia/Shanghai", "America/New_York", "America/Port-au-Prince", "America/Argentina/Buenos_Aires",
        "America/North_Dakota/New_Salem", "EST5EDT", "CET", "GB-Eire", "W-SU", "NZ-CHAT", "PRC", "Etc/UTC", "Etc/GMT", "Etc/GMT-8", "Etc/GMT+12",
        "Etc/GMT-14", "Etc/GMT+0", "Etc/GMT-0", "Etc/GMT0", "GMT+0", "GMT-0", "GMT0", "Antarctica/DumontDUrville",
    };
    static const struct { const char *name, *advice; } bad[] = {
        {"+08:00", "write Etc/GMT-8 "}, {"+0800", "write Etc/GMT-8 "}, {"+08", "write Etc/GMT-8 "}, {"+8", "write Etc/GMT-8 "},
        {"-05:00", "write Etc/GMT+5 "}, {"UTC+8", "for UTC+8 write Etc/GMT-8 "}, {"GMT+8", "write Etc/GMT-8 "}, {"UTC-5", "for UTC-5 write Etc/GMT+5 "},
        {"utc+8", "write Etc/GMT-8 "}, {"Etc/UTC+8", "write Etc/GMT-8 "}, {"UTC+08:00", "write Etc/GMT-8 "}, {"UTC+14", "write Etc/GMT-14 "},
        {"UTC-12", "write Etc/GMT+12 "}, {"Z+1", "write Etc/GMT-1 "}, {"+00:00", "write UTC"}, {"UTC+0", "write UTC"}, {"-0", "write UTC"}, {"+00:30", "name the place"},
        {"UTC+15", "name the place"}, {"UTC-13", "name the place"}, {"+05:30", "UTC+05:30 has no IANA name of its own; name the place"},
        {"-03:30", "UTC-03:30 has no IANA name"}, {"+0545", "UTC+05:45 has no IANA name"},
        {"utc", "write UTC"}, {"Utc", "write UTC"}, {"gmt", "write GMT"}, {"Local", "write local"}, {"SERVER", "write server"}, {"Z", "write UTC"}, {"z", "write UTC"},
        {"asia/shanghai", "expected an IANA name"}, {"Asia/shanghai", "expected an IANA name"}, {"", "expected"}, {"Asia/", "expected"}, {"/Asia", "expected"},
        {"Asia//Shanghai", "expected"}, {"Asia Shanghai", "expected"}, {"CST-8", "expected"}, {"<+08>-8", "expected"}, {"UTC+", "expected"}, {"UTC+8:00", "expected"},
        {"UTC+08:60", "expected"}, {"UTC+08-00", "expected"}, {"UTC+123", "expected"}, {"UTC+081", "expected"}, {"+", "expected"}, {"UTC+8 ", "expected"}, {"UTC+08:0x", "expected"}, {"UTC+08:x0", "expected"}, {"+08-", "expected"},
        {"Etc/GMT+13", "expected"}, {"Etc/GMT-15", "expected"}, {"Etc/GMT+08", "expected"}, {"Etc/GMT+", "expected"}, {"Etc/GMT+1a", "expected"}, {"Etc/GMT-100", "expected"},
        {"Asia/X+8", "expected"}, {"GMT+00", "write UTC"}, {"../etc/passwd", "expected"}, {"Asia/Shanghai\n", "expected"}, {"Asia/\xe4\xb8\x8a", "expected"},
        {"A234567890/A234567890/A234567890/A234567890/A234567890/A2345678901", "expected"},
    };
    tdrest_options *options = fresh();
    size_t i;

    for (i = 0; i < COUNT_OF(good); i++) {
        CHECK(tdrest_options_set(options, "timezone", good[i]) == TDREST_OK, "%s: %s", good[i], tdrest_options_error(options)->message);
        CHECK_TEXT(tdrest_options_get(options, "timezone"), good[i]);
    }
    for (i = 0; i < COUNT_OF(bad); i++) {
        const tdrest_error *err = tdrest_options_error(options);

        CHECK(tdrest_options_set(options, "timezone", bad[i].name) == TDREST_EOPTION, "%s was accepted", bad[i].name);
        CHECK(strncmp(err->message, "timezone: ", 10) == 0 && strstr(err->message, bad[i].advice) != NULL, "%s: \"%s\"", bad[i].name, err->message);
    }
    tdrest_options_free(options);
}

static void keys(void)
{
    static const struct { const char *key, *message; } unknown[] = {
        {"timout_ms", "timout_ms: no such option; the nearest is timeout_ms"},
        {"time-zone", "time-zone: no such option; the nearest is timezone"},
        {"DATABSE", "DATABSE: no such option; the nearest is database"},
        {"nonsense", "nonsense: no such option"},
        {"x", "x: no such option"},
        {"ab", "ab: no such option"},
        {"apps", "apps: no such option; the nearest is app"},
        {"", "the option's key is missing"},
        {"s3cr3t@host", "no such option: expected a key of letters and _, at most 32 bytes"},
        {"k23456789012345678901234567890123", "no such option: expected a key of letters and _, at most 32 bytes"},
        {"k2345678901234567890123456789012", "k2345678901234567890123456789012: no such option"},
    };
    tdrest_options *options = fresh();
    size_t i;

    CHECK_INT(tdrest_options_set(options, "Stall-Timeout-MS", "7"), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "stall_timeout-ms"), "7");
    CHECK_INT(tdrest_options_set(options, "stall_timeout_ms", NULL), TDREST_OK);
    CHECK_TEXT(tdrest_options_get(options, "STALL_TIMEOUT_MS"), "300000");
    for (i = 0; i < COUNT_OF(unknown); i++) {
        CHECK_INT(tdrest_options_set(options, unknown[i].key, "1"), TDREST_EOPTION);
        CHECK_TEXT(tdrest_options_error(options)->message, unknown[i].message);
        CU_ASSERT(tdrest_options_get(options, unknown[i].key) == NULL);
    }
    CHECK_INT(tdrest_options_set(options, NULL, "1"), TDREST_EUSAGE);
    CU_ASSERT(tdrest_options_get(options, NULL) == NULL);
    CHECK_INT(tdrest_options_set(options, "app", "x"), TDREST_OK);
    CHECK_INT(tdrest_options_error(options)->code, 0);
    CHECK_INT(tdrest_options_error(NULL)->code, 0);
    tdrest_options_free(options);
}

static void numbers(void)
{
    tdrest_options *options = fresh();

    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 6041);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_COMPRESSION), 0);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_MAX_CELL_BYTES), 16777216);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_LOG_LEVEL), TDREST_LOG_NONE);
    CHECK_INT(tdrest_options_set(options, "scheme", "https"), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "compression", "true"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 443);
    CHECK_TEXT(tdrest_options_get(options, "port"), "443");
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_COMPRESSION), 1);
    CHECK_INT(tdrest_options_set(options, "log_level", "error"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_LOG_LEVEL), TDREST_LOG_ERROR);
    CHECK_INT(tdrest_options_set(options, "log_level", "info"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_LOG_LEVEL), TDREST_LOG_INFO);
    CHECK_INT(tdrest_options_set(options, "log_level", "debug"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_LOG_LEVEL), TDREST_LOG_DEBUG);
    CHECK_INT(tdrest_options_set(options, "port", "7000"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 7000);
    tdrest_options_free(options);
}

/* A number is that of the value in force, whichever way it came, was copied, or went. */
static void numbers_follow(void)
{
    tdrest_options *options = fresh(), *copy = NULL;

    CHECK_INT(tdrest_options_parse(options, "https://h?timeout_ms=7&compression=true"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 443);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_TIMEOUT_MS), 7);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_COMPRESSION), 1);
    CHECK_INT(tdri_opts_copy(options, &copy), TDREST_OK);
    CHECK_INT(tdri_opts_int(copy, TDRI_OPT_PORT), 443);
    CHECK_INT(tdri_opts_int(copy, TDRI_OPT_TIMEOUT_MS), 7);
    CHECK_INT(tdri_opts_int(copy, TDRI_OPT_BLOCK_BYTES), tdri_opts_int(options, TDRI_OPT_BLOCK_BYTES));
    CHECK_INT(tdrest_options_parse(options, "http://h?port=1234&timeout_ms=8"), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 1234);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_TIMEOUT_MS), 8);
    CHECK_INT(tdrest_options_set(options, "timeout_ms", "x"), TDREST_EOPTION);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_TIMEOUT_MS), 8);
    CHECK_INT(tdrest_options_parse(options, "http://h?timeout_ms=9&nonsense=1"), TDREST_EOPTION);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_TIMEOUT_MS), 8);
    CHECK_INT(tdrest_options_set(options, "scheme", NULL), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "port", NULL), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "timeout_ms", NULL), TDREST_OK);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_PORT), 6041);
    CHECK_INT(tdri_opts_int(options, TDRI_OPT_TIMEOUT_MS), atoi(tdrest_options_get_info(TDRI_OPT_TIMEOUT_MS)->default_value));
    CHECK_INT(tdri_opts_int(copy, TDRI_OPT_TIMEOUT_MS), 7);
    tdrest_options_free(copy);
    tdrest_options_free(options);
}

/* Which login is in force after what was set, and whether that can be used. */
static void credentials(void)
{
    static const struct { const char *set[4]; const char *user, *password; const char *why; } table[] = {
        {{NULL}, "root", "taosdata", NULL},
        {{"user", "u", "password", "p"}, "u", "p", NULL},
        {{"password", "p"}, "root", "p", NULL},
        {{"user", "u"}, "u", NULL, "user: expected a password as well; the default one is for the default login"},
        {{"token", "t"}, NULL, NULL, NULL},
        {{"bearer_token", "b"}, NULL, NULL, NULL},
        {{"user", "u", "token", "t"}, "u", NULL, "more than one kind of credentials: user and password, token; expected one of them"},
        {{"password", "p", "bearer_token", "b"}, NULL, "p", "more than one kind of credentials: user and password, bearer_token; expected one of them"},
        {{"token", "t", "bearer_token", "b"}, NULL, NULL, "more than one kind of credentials: token, bearer_token; expected one of them"},
        {{"tls_key_file", "k"}, "root", "taosdata", "tls_key_file: expected tls_cert_file with it"},
        {{"tls_key_file", "k", "tls_cert_file", "c"}, "root", "taosdata", NULL},
        {{"tls_cert_file", "c"}, "root", "taosdata", NULL},
    };
    size_t i, j;

    for (i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = fresh();
        int rc;

        for (j = 0; j < 4 && table[i].set[j] != NULL; j += 2)
            CHECK_INT(tdrest_options_set(options, table[i].set[j], table[i].set[j + 1]), TDREST_OK);
        same_or_null("user", tdrest_options_get(options, "user"), table[i].user);
        same_or_null("password", tdrest_options_get(options, "password"), table[i].password);
        rc = tdri_opts_check(options, &options->err);
        CHECK(rc == (table[i].why == NULL ? TDREST_OK : TDREST_EOPTION), "row %zu is %d", i, rc);
        CHECK_TEXT(options->err.message, table[i].why == NULL ? "" : table[i].why);
        tdrest_options_free(options);
    }
}

static void on_log(void *context, int level, const char *message)
{
    (void)context;
    (void)level;
    (void)message;
}

static void copies(void)
{
    tdrest_options *options = fresh(), *copy;

    CHECK_INT(tdrest_options_set(options, "host", "a,b:1"), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "token", "t"), TDREST_OK);
    tdrest_options_set_log(options, on_log, options);
    CU_ASSERT(options->log == on_log && options->log_context == options);
    CHECK_INT(tdrest_options_set(options, "app", ""), TDREST_EOPTION);
    CHECK_INT(tdri_opts_copy(options, &copy), TDREST_OK);
    CU_ASSERT(copy->log == NULL && copy->err.code == 0 && copy->text[TDRI_OPT_HOST] != options->text[TDRI_OPT_HOST]);
    tdrest_options_free(options);
    CHECK_TEXT(tdrest_options_get(copy, "host"), "a,b:1");
    CHECK_TEXT(tdrest_options_get(copy, "token"), "t");
    CHECK_TEXT(tdrest_options_get(copy, "timezone"), "UTC");
    tdrest_options_free(copy);
}

CU_TestInfo tdrt_options[] = {
    {"defaults", defaults},
    {"defaults are values", defaults_are_values},
    {"accepted", accepted},
    {"refused", refused},
    {"messages", messages},
    {"no secrets in messages", no_secrets_in_messages},
    {"time zones", time_zones},
    {"keys", keys},
    {"numbers", numbers}, {"numbers_follow", numbers_follow},
    {"credentials", credentials},
    {"copies", copies},
    CU_TEST_INFO_NULL,
};
