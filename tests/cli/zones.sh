# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Time zones: times of before 1972, with their zone's file and without it, and zones that nobody knows. Over the sandbox, whose zone files are the system's.
sandbox_start "$programs" --quiet || exit 2
if [ -f "${TZDIR:-/usr/share/zoneinfo}/Asia/Shanghai" ]; then
    env TDREST_DSN="$sandbox_url" "$tool" 'create database zones keep 36500; create table zones.t (ts timestamp, o timestamp);
        insert into zones.t values(0, -2208988800000) (1, 1704135845678)' >/dev/null 2>"$work/err" ||
        { cat "$work/err"; exit 2; }
    zone() { env TDREST_DSN="$sandbox_url/zones" TZDIR=tests/data/zones "$tool" -F csv "$@"; }

    case_of 'zones: old times are exact' zone --timezone Asia/Shanghai --time epoch 'select cast(o as bigint), o from t'
    status_is 0
    out_is <<'END'
cast(o as bigint),o
-2208988800000,-2208988800000
1704135845678,1704135845678
END

    case_of 'zones: and told in UTC' zone --timezone Asia/Shanghai 'select o from t'
    status_is 0
    out_is <<'END'
o
1900-01-01T00:00:00.000Z
2024-01-02T03:04:05.678+08:00
END

    case_of 'zones: without a file old times are refused' zone --timezone Europe/Berlin 'select o from t'
    status_is 4
    out_is <<'END'
o
END
    says err 'tdrest: ResultError: column 0 (o) has a time before 1972'
    says err 'use timezone=UTC, or install zone files'

    case_of 'zones: later times need no file' zone --timezone Europe/Berlin 'select o from t where o > 0'
    status_is 0
    out_is <<'END'
o
2024-01-01T20:04:05.678+01:00
END

    case_of 'zones: UTC needs none either' zone --timezone UTC 'select o from t'
    status_is 0
    out_is <<'END'
o
1900-01-01T00:00:00.000Z
2024-01-01T19:04:05.678Z
END
else
    skip 'zones: no zone files of the system'
fi

case_of 'zones: one that the server does not know' env TDREST_DSN="$sandbox_url" "$tool" --timezone Mars/Base 'select 1'
status_is 2
out_is_empty
err_is <<'END'
tdrest: InterfaceError 0xFFFF: timezone: the server says: unknown time zone Mars/Base (statement 1, line 1)
END
sandbox_stop
