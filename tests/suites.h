/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Every suite, one line each: SUITE(layer, name, tests) for tests/unit/test_<name>.c, whose array is `tests`. Included wherever
 * SUITE is defined; the Makefile reads it too. Suites of base and wire also run without CUnit, libcurl and Jansson.
 */
SUITE(base, mem, tdrt_mem)
SUITE(base, err, tdrt_err)
SUITE(base, text, tdrt_text)
SUITE(base, number, tdrt_number)
SUITE(base, number_format, tdrt_number_format)
SUITE(base, utc, tdrt_utc)
SUITE(wire, opts, tdrt_opts)
SUITE(wire, dsn, tdrt_dsn)
SUITE(wire, request, tdrt_request)
SUITE(wire, sql, tdrt_sql)
SUITE(wire, sql_kind, tdrt_sql_kind)
SUITE(wire, quote, tdrt_quote)
SUITE(wire, servercode, tdrt_servercode)
SUITE(wire, scan, tdrt_scan)
SUITE(wire, decode, tdrt_decode_tests)
SUITE(client, captures, tdrt_captures)
SUITE(client, reply, tdrt_reply)
SUITE(client, query, tdrt_query)
SUITE(client, store, tdrt_store)
SUITE(client, faults, tdrt_faults)
SUITE(client, transport, tdrt_transport)
SUITE(client, stream, tdrt_stream)
SUITE(client, cancel, tdrt_cancel)
SUITE(client, jansson, tdrt_jansson)
SUITE(client, oom, tdrt_oom)
