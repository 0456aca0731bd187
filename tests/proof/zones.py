# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""
What taosAdapter writes around each change of every time zone of a directory, as Python's zoneinfo reads the zones. Usage:

    python3 tests/proof/zones.py DIRECTORY | build/proof-zones

A line is "ZONE TEXT SECOND": the text that the adapter would send, and the instant that it stands for. The digits of date and clock are exact;
the offset is cut to minutes, towards zero, and is Z when it is zero. A text that two instants share stands for the earlier one; lines that begin
with # tell how many of them a change has. Zones with the same file count once. Knows nothing of the library.
"""
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
FIRST, LAST = -5364662400, 694224000  # 1800-01-01, 1992-01-01
STEP = 5 * 86400
FAR = (-62000000000, -10000000000, FIRST, 0, 63676799, 63676800, 1000000000, 1719792000, 4102444800, 7258118400)


def offset(zone, second):
    return round((EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset().total_seconds())


def text(second, east):
    clock = (EPOCH + timedelta(seconds=second + east)).strftime("%m-%dT%H:%M:%S")
    year = (EPOCH + timedelta(seconds=second + east)).year
    minutes = abs(east) // 60
    mark = "Z" if east == 0 else "%s%02d:%02d" % ("-" if east <= -60 else "+", minutes // 60, minutes % 60)
    return "%04d-%s.000%s" % (year, clock, mark)


def changes(zone):
    """The first second of each offset: found by steps, then by halves."""
    known = offset(zone, FIRST)
    for second in range(FIRST + STEP, LAST, STEP):
        now = offset(zone, second)
        if now != known:
            low, high = second - STEP, second
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == known:
                    low = middle
                else:
                    high = middle
            yield high
        known = now


def samples(zone):
    near = set(FAR)
    for at in changes(zone):
        if offset(zone, at - 1) % 60 or offset(zone, at) % 60:
            near.update(range(at - 62, at + 63))
            near.update((at - 3600, at + 3600, at - 86400, at + 86400))
        else:
            near.update((at - 3600, at - 60, at - 1, at, at + 1, at + 60, at + 3600))
    return sorted(near)


def write_zone(name, zone, out):
    first = {}
    twice = []
    for second in samples(zone):
        written = text(second, offset(zone, second))
        if written in first:
            twice.append(second)
        else:
            first[written] = second
    for written, second in first.items():
        out.write("%s %s %d\n" % (name, written, second))
    for second in twice:
        if second - 1 not in twice:
            length = next(n for n in range(1, 63) if second + n not in twice)
            out.write("# %s: %d seconds from %s are also written from %s on\n" % (
                name, length, EPOCH + timedelta(seconds=first[text(second, offset(zone, second))]), EPOCH + timedelta(seconds=second)))


def main():
    top = Path(sys.argv[1])
    zoneinfo.reset_tzpath(to=[str(top.resolve())])
    seen = set()
    for name in sorted(zoneinfo.available_timezones()):
        path = top / name
        if not path.is_file() or path.read_bytes() in seen:
            continue
        seen.add(path.read_bytes())
        write_zone(name, zoneinfo.ZoneInfo(name), sys.stdout)


main()
