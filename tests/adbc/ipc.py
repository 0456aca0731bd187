# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""The command's format arrow, read by others: tests/adbc/ipc.py TOOL DRIVER URL. Prints `N passed, N failed`.

pyarrow, and where they are installed polars and nanoarrow, read the streams; what they read is what the ADBC driver gives for the same statement.
"""
import io
import os
import re
import subprocess
import sys
import tempfile
import traceback

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
import pyarrow.ipc as ipc

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
import arrow as ours  # noqa: E402: our own reading of the format, in tests/cli/arrow.py

TOOL, DRIVER, URL = sys.argv[1], sys.argv[2], sys.argv[3]
ROWS = 150_000
os.environ["TDREST_DSN"] = URL
tests = []


def test(function):
    tests.append(function)
    return function


def optional(name):
    try:
        return __import__(name, fromlist=["ipc"])
    except ImportError:
        print(f"  {name} cannot be had: it reads nothing")
        return None


polars, nanoarrow = optional("polars"), optional("nanoarrow.ipc")


def run(*arguments, status=0, **keywords):
    done = subprocess.run([TOOL, "-X", *arguments], capture_output=True, check=False, timeout=120, **keywords)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done


def streamed(sql, *flags):
    """The bytes of a stream, read by everyone."""
    data = run("-F", "arrow", *flags, sql).stdout
    read = ours.read(data)
    assert read.state == "ended", read.state
    table = ipc.open_stream(data).read_all()
    table.validate(full=True)
    assert table.num_rows == len(read.rows)
    if polars is not None and not flags:
        frame = polars.read_ipc_stream(io.BytesIO(data), use_pyarrow=False)
        assert frame.equals(polars.from_arrow(table)), (frame, table)
        assert frame.schema == polars.from_arrow(table).schema, frame.schema
    if nanoarrow is not None:
        with nanoarrow.InputStream.from_readable(io.BytesIO(data)) as stream:
            assert pa.table(stream).equals(table), "nanoarrow reads something else"
    return data, table


def by_adbc(sql, **options):
    given = {f"tdrest.{key}": value for key, value in options.items()}
    with dbapi.connect(driver=DRIVER, db_kwargs={"uri": URL.replace("http://", "tdrest://"), **given}, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetch_arrow_table()


def same(sql, **options):
    flags = [word for key, value in options.items() for word in ("--" + key.replace("_", "-"), value)]
    data, table = streamed(sql, *flags)
    expected = by_adbc(sql, **options)
    assert table.schema.equals(expected.schema, check_metadata=True), (table.schema, expected.schema)
    assert table.combine_chunks().equals(expected.combine_chunks()), sql
    return data, table


EVERY = """(ts TIMESTAMP, b BOOL, i8 TINYINT, i16 SMALLINT, i32 INT, i64 BIGINT, u8 TINYINT UNSIGNED, u16 SMALLINT UNSIGNED, u32 INT UNSIGNED,
            u64 BIGINT UNSIGNED, f FLOAT, d DOUBLE, v VARCHAR(64), n NCHAR(16), x VARBINARY(32), g GEOMETRY(64), m DECIMAL(18,6), w DECIMAL(38,10), t TIMESTAMP)"""
LOW = r"""true, -128, -32768, -2147483648, -9223372036854775807, 0, 0, 0, 0, -3.4028234e38, -1.7976931348623157e308, '', '', '\x', 'POINT(1 2)', '-999999999999.999999',
          '-9999999999999999999999999999.9999999999', -1"""
HIGH = r"""false, 127, 32767, 2147483647, 9223372036854775807, 255, 65535, 4294967295, 18446744073709551615, 3.4028234e38, 2.2250738585072014e-308, 'it''s \\ "quoted"', '汉字', '\x00ff',
           'POINT(-1 0)', '999999999999.999999', '9999999999999999999999999999.9999999999', 253402300799"""
NULLS = ", ".join(["NULL"] * 18)
UNITS = {"ms": 1, "us": 1_000, "ns": 1_000_000}


@test
def every_type():
    for unit, factor in UNITS.items():
        base = 1_700_000_000_000 * factor
        run(f"CREATE DATABASE ipc_{unit} PRECISION '{unit}' KEEP 36500", f"CREATE TABLE ipc_{unit}.e {EVERY}",
            f"INSERT INTO ipc_{unit}.e VALUES ({base}, {LOW}) ({base + 1}, {HIGH}) ({base + 2}, {NULLS})",
            f"CREATE STABLE ipc_{unit}.st (ts TIMESTAMP, x INT) TAGS (j JSON)", f"""CREATE TABLE ipc_{unit}.c USING ipc_{unit}.st TAGS ('{{"k":"v"}}')""",
            f"INSERT INTO ipc_{unit}.c VALUES ({base}, 1)")
        data, table = same(f"SELECT * FROM ipc_{unit}.e ORDER BY ts")
        assert table.num_rows == 3 and table.schema.field("ts").type == pa.timestamp(unit, "UTC"), table.schema
        assert [str(field.type) for field in table.schema][15:18] == ["binary", "decimal128(18, 6)", "decimal128(38, 10)"], table.schema
        assert [column.null_count for column in table.columns] == [0] + [1] * 18
        same(f"SELECT * FROM ipc_{unit}.e ORDER BY ts", arrow_timestamp="ns", arrow_text="binary")
        _, table = same(f"SELECT * FROM ipc_{unit}.st", arrow_extensions="true")
        assert table.schema.field("j").metadata.get(b"ARROW:extension:name", b"arrow.json") == b"arrow.json", table.schema
        same(f"SELECT * FROM ipc_{unit}.e WHERE ts < {base}")
        same(f"SELECT * FROM ipc_{unit}.e WHERE b IS NULL")


@test
def other_order_of_bytes():
    """What a machine would write whose bytes stand the other way round."""
    for unit in UNITS:
        data, table = streamed(f"SELECT * FROM ipc_{unit}.e ORDER BY ts")
        turned = ours.swapped(data)
        assert turned != data and ours.read(turned).rows == ours.read(data).rows
        again = ipc.open_stream(turned).read_all()
        again.validate(full=True)
        assert again.equals(table)


def import_rows(folder, table, rows):
    path = os.path.join(folder, "rows.csv")
    with open(path, "w", encoding="ascii") as file:
        file.write("ts,i,v\n")
        file.writelines(f"{1_700_000_000_000 + i},{i},row {i}\n" for i in range(rows))
    run(f"CREATE TABLE {table} (ts TIMESTAMP, i INT, v VARCHAR(20))")
    run("import", "--table", table, path)


def peak_kib(sql):
    """Resident memory of the command, read to the end: what the system says behind each batch."""
    process = subprocess.Popen([TOOL, "-X", "-F", "arrow", sql], stdout=subprocess.PIPE)
    rows = peak = 0
    with ipc.open_stream(process.stdout) as reader:
        for batch in reader:
            rows += batch.num_rows
            with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
                found = re.search(r"VmHWM:\s*(\d+) kB", file.read())
            peak = max(peak, int(found.group(1)) if found else 0)
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    return rows, peak


@test
def many_rows():
    with tempfile.TemporaryDirectory() as folder:
        import_rows(folder, "ipc_ms.many", ROWS)
    _, table = same("SELECT * FROM ipc_ms.many ORDER BY ts")
    assert table.num_rows == ROWS and table["i"].to_pylist() == list(range(ROWS)) and table["v"].num_chunks > 1
    few_rows, few = peak_kib(f"SELECT * FROM ipc_ms.many ORDER BY ts LIMIT {ROWS // 3}")
    all_rows, much = peak_kib("SELECT * FROM ipc_ms.many ORDER BY ts")
    assert (few_rows, all_rows) == (ROWS // 3, ROWS)
    print(f"  {few} KiB of memory for {few_rows} rows, {much} for {all_rows}")
    assert much - few < 2048, (few, much)


@test
def exported():
    """Ranges of time, one after the other and side by side, are one stream."""
    expected = by_adbc("SELECT * FROM ipc_ms.many ORDER BY ts")
    for parallel in ("1", "3"):
        table = ipc.open_stream(run("export", "ipc_ms.many", "-F", "arrow", "--range-rows", "50000", "--parallel", parallel).stdout).read_all()
        table.validate(full=True)
        assert table.equals(expected)
    with tempfile.TemporaryDirectory() as folder:
        run("-d", "ipc_us", "export", "-F", "arrow", "-o", os.path.join(folder, "out"))
        with open(os.path.join(folder, "out", "manifest.jsonl"), encoding="utf-8") as file:
            listed = dict(re.findall(r'"file":"([^"]*)".*"rows":([0-9]+)', file.read()))
        assert set(listed) == {"e.arrows", "st.arrows"}, listed
        for name, rows in listed.items():
            assert ipc.open_stream(os.path.join(folder, "out", name)).read_all().num_rows == int(rows)


def refuses(call, what):
    try:
        found = call()
    except Exception:  # noqa: BLE001: each reader has its own kinds
        return
    raise AssertionError(f"{what} reads {found} rows")


@test
def broken_off():
    """After a failure every reader says that something is missing."""
    done = subprocess.run([TOOL, "-X", "--header", "X-Sandbox-Fault: truncate=3000000", "--retry", "never", "-F", "arrow",
                           "SELECT * FROM ipc_ms.many ORDER BY ts"], capture_output=True, check=False, timeout=120)
    data = done.stdout
    assert done.returncode in (3, 4) and b"tdrest: " in done.stderr, (done.returncode, done.stderr)
    read = ours.read(data)
    assert read.state == "broken off" and 0 < len(read.rows) < ROWS, (read.state, len(read.rows))
    refuses(lambda: ipc.open_stream(data).read_all().num_rows, "pyarrow")
    if polars is not None:
        refuses(lambda: polars.read_ipc_stream(io.BytesIO(data), use_pyarrow=False).height, "polars")
    if nanoarrow is not None:
        refuses(lambda: pa.table(nanoarrow.InputStream.from_readable(io.BytesIO(data))).num_rows, "nanoarrow")


@test
def documented():
    """The line of docs/ADBC.md, as it is written."""
    with open("docs/ADBC.md", encoding="utf-8") as file:
        line = next(line for line in file if line.startswith("tdrest ") and "-F arrow" in line)
    with open("README.md", encoding="utf-8") as file:
        assert line.strip().replace("|", "\\|") in file.read(), "the README has another line"
    run("CREATE DATABASE test")
    run("CREATE TABLE test.meters (ts TIMESTAMP, current FLOAT)")
    run("INSERT INTO test.meters VALUES (1700000000000, 10.3)")
    path = os.pathsep.join([os.path.dirname(TOOL), os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, env={**os.environ, "PATH": path}, timeout=120)
    run("DROP DATABASE test")
    assert b"2023-11-14 22:13:20.000Z" in done.stdout and b"10.3" in done.stdout, done


passed = failed = 0
for each in tests:
    try:
        each()
        passed += 1
    except Exception:  # noqa: BLE001: told, and counted
        print(f"FAILED: {each.__name__}")
        traceback.print_exc()
        failed += 1
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
