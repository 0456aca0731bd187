# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""Real clients over the sandbox: tests/adbc/check.py DRIVER URL. Prints `N passed, N failed`.

PEP 249, pyarrow, and where they are installed pandas, polars and DuckDB: what they read, and what they write, by every type.
"""
import datetime
import decimal
import gc
import multiprocessing
import socket
import sys
import threading
import time
import traceback
import warnings

import adbc_driver_manager
import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa

DRIVER, URL = sys.argv[1], sys.argv[2]
URI = URL.replace("http://", "tdrest://")
UTC = datetime.timezone.utc
BASE = 1700000000
DATABASES = {"adbc_ms": "ms", "adbc_us": "us", "adbc_ns": "ns"}
tests = []


def test(function):
    tests.append(function)
    return function


def connect(database="adbc_ms", **options):
    if database is not None:
        options["tdrest.database"] = database
    return dbapi.connect(driver=DRIVER, db_kwargs={"uri": URI, **options}, autocommit=True)


def raises(kind, status, call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except kind as error:
        assert error.status_code == status, (error.status_code, str(error))
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


Status = adbc_driver_manager.AdbcStatusCode

EVERY = """(ts TIMESTAMP, b BOOL, i8 TINYINT, i16 SMALLINT, i32 INT, i64 BIGINT, u8 TINYINT UNSIGNED, u16 SMALLINT UNSIGNED, u32 INT UNSIGNED,
            u64 BIGINT UNSIGNED, f FLOAT, d DOUBLE, v VARCHAR(64), n NCHAR(16), x VARBINARY(32), m DECIMAL(20,4))"""
FIRST = [True, -128, -32768, -(2**31), -(2**63) + 1, 0, 0, 0, 0, 1.5, -1e300, "", "\u6c49\u5b57", b"\x00\xff", decimal.Decimal("-9999999999999999.9999")]
LAST = [False, 127, 32767, 2**31 - 1, 2**63 - 1, 255, 65535, 2**32 - 1, 2**63 - 1, -0.5, 5e-324, "it's \\ \"quoted\"\n", "x", b"", decimal.Decimal("0.0001")]


def every_row(seconds, values):
    return (datetime.datetime.fromtimestamp(BASE + seconds, UTC), *values)


@test
def every_type_by_parameters():
    rows = [every_row(0, FIRST), every_row(1, LAST), every_row(2, [None] * len(FIRST))]
    for database in DATABASES:
        with connect(database) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE alltypes " + EVERY)
            cursor.executemany("INSERT INTO alltypes VALUES (" + ", ".join("?" * 16) + ")", rows)
            assert cursor.rowcount == 3, cursor.rowcount
            cursor.execute("SELECT * FROM alltypes ORDER BY ts")
            got = cursor.fetchall()
            for expected, row in zip(rows, got, strict=True):
                assert tuple(row) == expected, (row, expected)
            cursor.execute("SELECT ts, i32 FROM alltypes WHERE v = ? OR i8 = ?", ("", 127))
            assert [row[1] for row in cursor.fetchall()] == [-(2**31), 2**31 - 1]


@test
def every_type_by_ingest():
    for database, unit in DATABASES.items():
        with connect(database) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT * FROM alltypes ORDER BY ts")
            table = cursor.fetch_arrow_table()
            table.validate(full=True)
            assert table.schema.field("ts").type == pa.timestamp(unit, "UTC"), table.schema
            for name, given in {
                "plain": table,
                "large": table.set_column(12, "v", table["v"].cast(pa.large_string())).set_column(14, "x", table["x"].cast(pa.large_binary())),
                "views": table.set_column(12, "v", table["v"].cast(pa.string_view())),
                "dictionary": table.set_column(12, "v", table["v"].dictionary_encode()),
                "sliced": pa.concat_tables([table.slice(1), table.slice(0, 1)]),
            }.items():
                assert cursor.adbc_ingest("copy_" + name, given, mode="replace") == 3
                cursor.execute(f"SELECT * FROM copy_{name} ORDER BY ts")
                again = cursor.fetch_arrow_table()
                again.validate(full=True)
                assert again.to_pylist() == table.to_pylist(), name


@test
def times():
    given = pa.table({"t": pa.array([BASE * 10**9, BASE * 10**9 + 1_000_001], pa.timestamp("ns")), "x": [1, 2]})
    with connect("adbc_ms") as connection, connection.cursor() as cursor:
        error = raises(dbapi.DataError, Status.INVALID_DATA, cursor.adbc_ingest, "ns_in_ms", given)
        assert "row 1" in str(error), error
        assert cursor.adbc_ingest("whole_ms", given.slice(0, 1)) == 1
        aware = pa.table({"t": pa.array([BASE], pa.timestamp("s", "Asia/Shanghai")), "x": [1]})
        assert cursor.adbc_ingest("aware", aware) == 1
        cursor.execute("SELECT t FROM aware")
        assert cursor.fetchone()[0] == datetime.datetime.fromtimestamp(BASE, UTC)
    with connect("adbc_ns") as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("ns", given)
        cursor.execute("SELECT t FROM ns")
        assert cursor.fetch_arrow_table()["t"].cast(pa.int64()).to_pylist() == given["t"].cast(pa.int64()).to_pylist()


@test
def ingest_modes():
    table = pa.table({"v": ["a", None], "t": pa.array([BASE, BASE + 1], pa.timestamp("s")), "f": [1.5, None]})
    with connect() as connection, connection.cursor() as cursor:
        raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.adbc_ingest, "modes", table, mode="append")
        assert cursor.adbc_ingest("modes", table, mode="create") == 2
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table, mode="create")
        assert cursor.adbc_ingest("modes", table, mode="append") == 2
        assert cursor.adbc_ingest("modes", table, mode="create_append") == 2
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table.rename_columns(["v", "t", "g"]), mode="create_append")
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table.set_column(2, "f", [[1, 2]]), mode="create_append")
        nulls = table.set_column(2, "f", pa.nulls(2))
        assert cursor.adbc_ingest("modes", nulls, mode="append") == 2
        error = raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.adbc_ingest, "fresh", nulls)
        assert "column f" in str(error), error
        raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.adbc_ingest, "fresh", table.drop_columns("t"))
        assert cursor.adbc_ingest("modes", table, mode="replace", db_schema_name="adbc_us") == 2
        assert connection.adbc_get_table_schema("modes", db_schema_filter="adbc_us").names == ["t", "v", "f"]
        assert cursor.adbc_ingest("modes", table.schema.empty_table(), mode="append") == 0


@test
def super_tables():
    table = pa.table({"tb": ["d1", "d2", "d1"], "g": [1, 2, 1], "ts": pa.array([BASE, BASE, BASE + 1], pa.timestamp("s")), "x": [1.0, 2.0, 3.0]})
    with connect() as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"tdrest.ingest.tags": "g", "tdrest.ingest.tbname": "tb"})
        assert cursor.adbc_ingest("stb", table) == 3
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tbname, g, x FROM stb ORDER BY ts, tbname")
        assert cursor.fetchall() == [("d1", 1, 1.0), ("d2", 2, 2.0), ("d1", 1, 3.0)]


def tables_of(connection, **filters):
    catalogs = connection.adbc_get_objects(**filters).read_all()
    catalogs.validate(full=True)
    return {(s["db_schema_name"], t["table_name"]): t for c in catalogs.to_pylist() for s in c["catalog_db_schemas"] or [] for t in s["db_schema_tables"] or []}


@test
def objects():
    with connect() as connection:
        catalogs = connection.adbc_get_objects(depth="catalogs").read_all().to_pylist()
        assert catalogs == [{"catalog_name": "", "catalog_db_schemas": None}], catalogs
        schemas = connection.adbc_get_objects(depth="db_schemas", db_schema_filter="adbc%").read_all().to_pylist()
        assert [s["db_schema_name"] for s in schemas[0]["catalog_db_schemas"]] == sorted(DATABASES)
        assert connection.adbc_get_objects(catalog_filter="other").read_all().num_rows == 0
        found = tables_of(connection, depth="tables", db_schema_filter="adbc_ms")
        kinds = {name: table["table_type"] for (_, name), table in found.items()}
        assert kinds["stb"] == "SUPER TABLE" and kinds["d1"] == "CHILD TABLE" and kinds["alltypes"] == "TABLE", kinds
        assert all(table["table_columns"] is None for table in found.values())
        assert set(tables_of(connection, depth="tables", db_schema_filter="adbc_ms", table_types_filter=["SUPER TABLE"])) == {("adbc_ms", "stb")}
        assert not tables_of(connection, depth="tables", db_schema_filter="adbc_ms", table_types_filter=["VIEW"])
        found = tables_of(connection, db_schema_filter="adbc_ms", table_name_filter="d_")
        columns = {c["column_name"]: c["remarks"] for c in found["adbc_ms", "d1"]["table_columns"]}
        assert columns == {"ts": "PRIMARY KEY", "x": None, "g": "TAG"}, columns
        assert found["adbc_ms", "d2"]["table_constraints"][0]["constraint_column_names"] == ["ts"]
        found = tables_of(connection, db_schema_filter="adbc_us", table_name_filter="alltypes", column_name_filter="i%")
        assert [c["column_name"] for c in found["adbc_us", "alltypes"]["table_columns"]] == ["i8", "i16", "i32", "i64"]
        assert connection.adbc_get_table_types() == ["TABLE", "SUPER TABLE", "CHILD TABLE", "SYSTEM TABLE"]
        assert connection.adbc_get_info()["vendor_name"] == "TDengine"
        for database, unit in DATABASES.items():
            assert connection.adbc_get_table_schema("alltypes", db_schema_filter=database).field("ts").type == pa.timestamp(unit, "UTC")
        raises(dbapi.ProgrammingError, Status.NOT_FOUND, connection.adbc_get_table_schema, "nosuch")


@test
def errors():
    with connect() as connection, connection.cursor() as cursor:
        error = raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.execute, "SELECT * FROM nosuch")
        details = {key if isinstance(key, str) else key.decode(): value for key, value in error.details}
        assert error.sqlstate == "42S02" and details["tdrest.server_code"] == b"0x2603" and int(details["tdrest.req_id"]) > 0, details
        raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.execute, "SELEKT 1")
    with connect(password="wrong") as connection, connection.cursor() as cursor:
        raises(dbapi.ProgrammingError, Status.UNAUTHENTICATED, cursor.execute, "SELECT 1")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with dbapi.connect(driver=DRIVER, db_kwargs={"uri": URI}) as connection:
            connection.commit()
        assert len(told) == 1, told


@test
def readme():
    """The lines of the README, by the driver's manifest, with the sandbox in the server's place."""
    with open("README.md", encoding="utf-8") as file:
        lines = file.read().split("```python\n")[1].split("```")[0]
    with connect(None) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE test")
        cursor.execute("CREATE TABLE test.d1001 (ts TIMESTAMP, current FLOAT)")
        cursor.execute("INSERT INTO test.d1001 VALUES (NOW, 10.3)")
    names = {}
    uri = "tdrest://root:taosdata@localhost:6041"
    assert uri in lines, lines
    exec(lines.replace(uri, URI), names)  # noqa: S102: ours
    assert list(names["frame"].columns) == ["ts", "current"] and len(names["frame"]) == 1, names["frame"]


@test
def many_tables():
    """One of many tables is found without looking at the others."""
    count = 5_000
    table = pa.table({"tb": [f"many_{i}" for i in range(count)], "g": range(count), "ts": pa.array([BASE] * count, pa.timestamp("s")), "x": [1.0] * count})
    with connect("adbc_us") as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"tdrest.ingest.tags": "g", "tdrest.ingest.tbname": "tb"})
        assert cursor.adbc_ingest("many", table) == count
        assert list(tables_of(connection, db_schema_filter="adbc_us", table_name_filter="many_77")) == [("adbc_us", "many_77")]
        started = time.monotonic()
        found = tables_of(connection, db_schema_filter="adbc_us", table_name_filter="many%")
        assert len(found) == count + 1 and time.monotonic() - started < 60, len(found)


@test
def a_million_rows():
    rows = 1_000_000
    table = pa.table({"ts": pa.array(range(BASE * 1000, BASE * 1000 + rows), pa.timestamp("ms")), "i": pa.array(range(rows), pa.int32())})
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.adbc_ingest("million", table) == rows
        cursor.execute("SELECT i FROM million ORDER BY ts")
        read = cursor.fetch_arrow_table()
        assert read["i"].to_pylist() == table["i"].to_pylist()


@test
def batches_outlive_everything():
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM alltypes ORDER BY ts")
    table = cursor.fetch_arrow_table()
    cursor.close()
    connection.close()
    del cursor, connection
    gc.collect()
    table.validate(full=True)
    assert table.num_rows == 3


@test
def cursors_and_pool():
    with connect(**{"tdrest.pool_max": "2"}) as connection:
        cursors = [connection.cursor() for _ in range(3)]
        for cursor in cursors[:2]:
            cursor.execute("SELECT i FROM million LIMIT 200000")
        raises(dbapi.ProgrammingError, Status.INVALID_STATE, cursors[2].execute, "SELECT 1")
        assert all(cursor.fetchone() is not None for cursor in cursors[:2])
        assert [len(cursor.fetchall()) for cursor in cursors[:2]] == [199_999] * 2
        cursors[2].execute("SELECT 1")
        assert cursors[2].fetchone() == (1,)
        for cursor in cursors:
            cursor.close()


@test
def sixteen_threads():
    failures = []

    def work(connection, number):
        try:
            with connection.cursor() as cursor:
                for _ in range(10):
                    cursor.execute("SELECT * FROM alltypes WHERE i32 = ?", (2**31 - 1,))
                    assert cursor.fetch_arrow_table().num_rows == 1
        except Exception as error:  # noqa: BLE001: told below
            failures.append((number, error))

    connections = [connect() for _ in range(16)]
    threads = [threading.Thread(target=work, args=(c, n)) for n, c in enumerate(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections:
        connection.close()
    assert not failures, failures


class Script(threading.Thread):
    """A server of one answer: the bytes, then the connection is closed, or left open and silent."""

    def __init__(self, body, closes):
        super().__init__(daemon=True)
        self.body, self.closes, self.asked = body, closes, threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"tdrest://root:taosdata@127.0.0.1:{self.listener.getsockname()[1]}?retry=never"
        self.start()

    def run(self):
        peer, _ = self.listener.accept()
        self.listener.close()
        peer.recv(65536)
        self.asked.set()
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000000\r\n\r\n" + self.body)
        while not self.closes and peer.recv(65536):
            pass
        peer.close()


HALF = b'{"code":0,"column_meta":[["i","INT",4]],"data":[' + b",".join(b"[%d]" % i for i in range(500_000))


@test
def a_server_that_dies():
    server = Script(HALF, True)
    with dbapi.connect(driver=DRIVER, db_kwargs={"uri": server.uri}, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT i FROM t")
        error = raises(dbapi.OperationalError, Status.IO, cursor.fetch_arrow_table)
        assert len(str(error)) > 10, error


@test
def cancelling():
    server = Script(HALF, False)
    with dbapi.connect(driver=DRIVER, db_kwargs={"uri": server.uri}, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT i FROM t")

        def cancel():
            while not done.wait(0.05):
                cursor.adbc_cancel()

        done = threading.Event()
        thread = threading.Thread(target=cancel)
        thread.start()
        try:
            raises(dbapi.OperationalError, Status.CANCELLED, cursor.fetch_arrow_table)
        finally:
            done.set()
            thread.join()


def in_child(connection, cursor, queue):
    try:
        cursor.fetchall()
        queue.put("rows")
    except Exception as error:  # noqa: BLE001: told
        queue.put(str(error))


@test
def forking():
    context = multiprocessing.get_context("fork")
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT i FROM million LIMIT 200000")
        queue = context.SimpleQueue()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = context.Process(target=in_child, args=(connection, cursor, queue))
            child.start()
        said = queue.get()
        child.join()
        assert "fork" in said, said
        assert len(cursor.fetchall()) == 200_000


@test
def pandas():
    import pandas as pd

    frame = pd.DataFrame({"ts": pd.to_datetime([BASE, BASE + 1], unit="s", utc=True), "x": [1.5, None], "n": ["a", None]})
    with connect() as connection:
        for mode, expected in (("fail", 2), ("replace", 2), ("append", 2)):
            assert frame.to_sql("frame", connection, index=False, if_exists=mode) == expected
        read = pd.read_sql("SELECT * FROM frame ORDER BY ts", connection)
        assert list(read.columns) == ["ts", "x", "n"] and len(read) == 2 and read["x"][0] == 1.5 and pd.isna(read["n"][1]), read
        frame.to_sql("frame", connection, index=False, schema="adbc_us")
        assert len(pd.read_sql("SELECT * FROM adbc_us.frame", connection)) == 2


@test
def polars():
    import polars as pl

    frame = pl.DataFrame({"ts": [datetime.datetime.fromtimestamp(BASE), datetime.datetime.fromtimestamp(BASE + 1)], "x": [1.5, None], "n": ["a", None]})
    frame = frame.with_columns(pl.col("ts").cast(pl.Datetime("ms")))
    with connect() as connection:
        assert frame.write_database("adbc_us.pl", connection, engine="adbc", if_table_exists="replace") == 2
        read = pl.read_database("SELECT * FROM adbc_us.pl ORDER BY ts", connection)
        assert read["x"].to_list() == [1.5, None] and read["n"].to_list() == ["a", None], read
        pl.read_database("SELECT * FROM alltypes", connection)


@test
def duckdb():
    import duckdb as duck

    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM million")
        reader = cursor.fetch_record_batch()
        assert duck.sql("SELECT count(*), sum(i) FROM reader").fetchall()[0] == (1_000_000, 499_999_500_000)


def run(function):
    started = time.monotonic()
    try:
        function()
    except ImportError as error:
        print(f"  {function.__name__}: not run, {error}")
        return None
    except Exception:  # noqa: BLE001: told
        print(f"  {function.__name__}: FAILED")
        traceback.print_exc()
        return False
    print(f"  {function.__name__} {time.monotonic() - started:.2f} s")
    return True


def main():
    warnings.simplefilter("error", ResourceWarning)
    with connect(None) as connection, connection.cursor() as cursor:
        for database, unit in DATABASES.items():
            cursor.execute(f"CREATE DATABASE {database} PRECISION '{unit}' KEEP 36500")
    results = [run(function) for function in tests]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
