# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""pandas, polars and DuckDB, and the lines that README.md and docs/ADBC.md show."""
import datetime
import re

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
from base import BASE, DATABASES, URI, Status, connect, raises, test
from check_types import check_full

SHOWN = "tdrest://root:taosdata@localhost:6041"


def shown(path):
    """The Python that a page shows, with the sandbox in the server's place."""
    with open(path, encoding="utf-8") as file:
        blocks = re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL)
    assert blocks and any(SHOWN in block for block in blocks), path
    return "".join(blocks).replace(SHOWN, URI)


@test(manager=(1, 9))
def readme():
    """By the driver's manifest, which the URI's scheme names."""
    with connect(None) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE test")
        cursor.execute("CREATE TABLE test.d1001 (ts TIMESTAMP, current FLOAT)")
        cursor.execute("INSERT INTO test.d1001 VALUES (NOW, 10.3)")
    names = {}
    exec(shown("README.md"), names)  # noqa: S102: ours
    assert list(names["frame"].columns) == ["ts", "current"] and len(names["frame"]) == 1, names["frame"]


@test(manager=(1, 9))
def page_of_the_driver():
    """Each block of docs/ADBC.md, one after the other."""
    with connect(None) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS test")
        cursor.execute("CREATE TABLE test.meters (ts TIMESTAMP, voltage INT)")
        cursor.execute("INSERT INTO test.meters VALUES (1700000000000, 219) (1700000001000, 221)")
    names = {}
    exec(shown("docs/ADBC.md"), names)  # noqa: S102: ours
    assert names["table"].num_rows == 1
    with connect("test") as connection, connection.cursor() as cursor:
        for table, rows in (("copy", 1), ("from_pandas", 1), ("from_polars", 1)):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            assert cursor.fetchone() == (rows,), table
    assert names["counted"] == 1


@test(manager=(1, 9))
def schemes():
    """The name, the URI alone, and TLS by the scheme, which this server does not speak."""
    for arguments, keywords in (((URI,), {}), ((), {"driver": "tdrest", "db_kwargs": {"uri": URI}}), (("tdrest", URI), {})):
        with dbapi.connect(*arguments, **keywords, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchall() == [(1,)]
    with dbapi.connect(URI.replace("tdrest:", "tdrest+https:") + "/?retry=never", autocommit=True) as connection, connection.cursor() as cursor:
        error = raises(dbapi.OperationalError, Status.IO, cursor.execute, "SELECT 1")
        assert "SSL" in str(error) or "TLS" in str(error), error


@test
def pandas():
    import pandas as pd

    frame = pd.DataFrame({"ts": pd.to_datetime([BASE, BASE + 1], unit="s", utc=True), "x": [1.5, None], "n": ["a", None]})
    with connect() as connection:
        for mode, expected in (("fail", 2), ("replace", 2), ("append", 2)):
            assert frame.to_sql("frame", connection, index=False, if_exists=mode) == expected
        read = pd.read_sql("SELECT * FROM frame ORDER BY ts", connection)
        assert list(read.columns) == ["ts", "x", "n"] and len(read) == 2 and read["x"][0] == 1.5 and pd.isna(read["n"][1]), read
        assert str(read["ts"].dtype) == "datetime64[ms, UTC]" and (read["ts"] == frame["ts"]).all(), read.dtypes
        with_index = pd.read_sql("SELECT * FROM frame ORDER BY ts", connection, index_col="ts", dtype_backend="pyarrow")
        assert with_index["x"].isna().tolist() == [False, True]


@test
def a_table_in_two_databases_for_pandas():
    """pandas asks for a table by its name, in all databases unless schema= names one: then it finds, replaces and appends to that one alone."""
    import pandas as pd

    frame = pd.DataFrame({"ts": pd.to_datetime([BASE, BASE + 1], unit="s"), "x": [1, 2]})
    with connect("adbc_ms") as connection, connection.cursor() as cursor:
        def rows(database):
            cursor.execute(f"SELECT COUNT(*) FROM {database}.twice")
            return cursor.fetchone()[0]

        frame.to_sql("twice", connection, index=False, schema="adbc_us")
        frame.to_sql("twice", connection, index=False, schema="adbc_ms")
        try:
            frame.to_sql("twice", connection, index=False, schema="adbc_us")
            raise AssertionError("if_exists is fail")
        except ValueError as error:
            assert "already exists" in str(error), error
        frame.head(1).to_sql("twice", connection, index=False, schema="adbc_us", if_exists="replace")
        assert (rows("adbc_us"), rows("adbc_ms")) == (1, 2)
        later = frame.assign(ts=frame["ts"] + pd.Timedelta(1, "h"))
        later.to_sql("twice", connection, index=False, schema="adbc_ms", if_exists="append")
        assert (rows("adbc_us"), rows("adbc_ms")) == (1, 4)
        assert len(pd.read_sql_table("twice", connection)) == 4
        if tuple(int(n) for n in pd.__version__.split(".")[:2]) >= (3, 0):
            frame.head(1).to_sql("twice", connection, index=False, schema="adbc_ms", if_exists="delete_rows")
            assert (rows("adbc_us"), rows("adbc_ms")) == (1, 1)


@test
def times_of_pandas_and_polars():
    """Nanoseconds or microseconds by default, into each precision: whole where they fit, and an error that names the row where digits would be lost."""
    import pandas as pd
    import polars as pl

    for database, unit in DATABASES.items():
        with connect(database) as connection:
            for lost, digits in (("us", 1_000), ("ms", 1_000_000)):
                stamps = pd.to_datetime([BASE * 10**9, BASE * 10**9 + digits], unit="ns").astype("datetime64[ns]")
                frames = {"pd": pd.DataFrame({"ts": stamps, "x": [1, 2]}), "pl": pl.DataFrame({"ts": pl.Series(stamps.to_numpy()).cast(pl.Datetime("ns")), "x": [1, 2]})}
                if lost == "ms":
                    frames["pl_us"] = frames["pl"].with_columns(pl.col("ts").cast(pl.Datetime("us")))
                fits = unit == "ns" or unit == "us" or lost == "ms"
                for name, frame in frames.items():
                    table = f"stamps_{name}_{lost}"
                    try:
                        write(frame, table, connection)
                        assert fits, (database, lost, name)
                    except (dbapi.Error, pd.errors.DatabaseError) as error:
                        cause = error.__cause__ or error
                        assert not fits and "row 1" in str(cause) and "column ts" in str(cause), (database, lost, name, str(cause))
                        continue
                    with connection.cursor() as cursor:
                        cursor.execute(f"SELECT CAST(ts AS BIGINT) FROM {table} ORDER BY ts")
                        per = {"ms": 10**6, "us": 10**3, "ns": 1}[unit]
                        assert [row[0] * per for row in cursor.fetchall()] == [BASE * 10**9, BASE * 10**9 + digits], (database, lost, name)


def write(frame, table, connection):
    if hasattr(frame, "write_database"):
        return frame.write_database(table, connection, engine="adbc")
    return frame.to_sql(table, connection, index=False, schema=connection.adbc_current_db_schema)


@test
def polars():
    import polars as pl

    frame = pl.DataFrame({"ts": [datetime.datetime.fromtimestamp(BASE), datetime.datetime.fromtimestamp(BASE + 1)], "x": [1.5, None], "n": ["a", None]})
    with connect() as connection:
        assert frame.write_database("adbc_us.pl", connection, engine="adbc", if_table_exists="replace") in (2, -1)
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, frame.write_database, "adbc_us.pl", connection, engine="adbc")
        frame.with_columns(pl.col("ts") + datetime.timedelta(hours=1)).write_database("adbc_us.pl", connection, engine="adbc", if_table_exists="append")
        read = pl.read_database("SELECT * FROM adbc_us.pl ORDER BY ts", connection)
        assert read["x"].to_list() == [1.5, None] * 2 and read["n"].to_list() == ["a", None] * 2, read
        frame.write_database("pl", connection, engine="adbc", if_table_exists="replace")
        assert pl.read_database("SELECT * FROM pl", connection).height == 2
        assert pl.read_database("SELECT * FROM alltypes", connection).height == 3
        empty = pl.read_database("SELECT * FROM alltypes WHERE ts < 0", connection)
        assert empty.height == 0 and empty.width == 16, empty
        chunked = pl.concat([frame, frame.with_columns(n=pl.lit("y" * 500), ts=pl.col("ts") + datetime.timedelta(days=1))], rechunk=False)
        chunked.write_database("chunked", connection, engine="adbc")
        assert pl.read_database("SELECT n FROM chunked ORDER BY ts", connection)["n"].to_list() == ["a", None, "y" * 500, "y" * 500]


@test
def duckdb():
    import duckdb as duck

    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM million")
        reader = cursor.fetch_record_batch()
        assert duck.sql("SELECT count(*), sum(i) FROM reader").fetchall()[0] == (1_000_000, 499_999_500_000)
        cursor.execute("SELECT * FROM alltypes ORDER BY ts")
        reader = cursor.fetch_record_batch()
        rows = duck.sql("SELECT b, i8, u64, d, v, x, m FROM reader").fetchall()
        assert len(rows) == 3 and rows[0][:2] == (True, -128) and rows[2] == (None,) * 7, rows
        cursor.execute("SELECT * FROM alltypes WHERE ts < 0")
        reader = cursor.fetch_record_batch()
        assert duck.sql("SELECT count(*) FROM reader").fetchall() == [(0,)]


@test
def json_and_geometry_in_every_client():
    """As plain text and bytes, which no client refuses."""
    sql = "SELECT ts, g, j FROM js ORDER BY ts"
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        assert check_full(cursor.fetch_arrow_table().to_batches()) == 2
        readers = 0
        for name in ("polars", "pandas", "duckdb"):
            try:
                client = __import__(name)
            except ImportError:
                continue
            if name == "polars":
                frame = client.read_database(sql, connection)
                rows = list(zip(frame["g"].to_list(), frame["j"].to_list()))
            elif name == "pandas":
                frame = client.read_sql(sql, connection)
                rows = [(g if isinstance(g, bytes) else None, j) for g, j in zip(frame["g"], frame["j"])]
            else:
                cursor.execute(sql)
                reader = cursor.fetch_record_batch()
                rows = [(row[0] and bytes(row[0]), row[1]) for row in client.sql("SELECT g, j FROM reader").fetchall()]
            assert len(rows) == 2 and rows[0][0][:1] == b"\x01" and rows[1][0] is None and {row[1] for row in rows} == {'{"a":1}'}, (name, rows)
            readers += 1
        print(f"    {readers} clients")


@test
def extensions_in_the_newest_clients():
    """When they are asked for, pyarrow has the JSON as such; nothing is lost."""
    with connect(**{"tdrest.arrow_extensions": "true"}) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT ts, g, j FROM js ORDER BY ts")
        table = cursor.fetch_arrow_table()
        table.validate(full=True)
        assert table.num_rows == 2 and isinstance(table, pa.Table)


@test
def columns_of_nothing():
    """No rows, all NULL, all empty texts: every reader takes the arrays as they are."""
    columns = {"v": pa.string(), "x": pa.binary(), "b": pa.bool_(), "m": pa.decimal128(20, 4), "d": pa.float64()}
    rows = 100
    with connect() as connection, connection.cursor() as cursor:
        table = pa.table({"ts": pa.array(range(BASE * 1000, BASE * 1000 + rows), pa.timestamp("ms")), **{name: pa.nulls(rows, kind) for name, kind in columns.items()},
                          "ev": pa.array([""] * rows), "ex": pa.array([b""] * rows)})
        assert cursor.adbc_ingest("nothing", table) == rows
        for where, expected in (("ts > 0", rows), ("ts < 0", 0)):
            sql = f"SELECT * FROM nothing WHERE {where} ORDER BY ts"
            cursor.execute(sql)
            read = cursor.fetch_arrow_table()
            assert check_full(read.to_batches()) == expected == read.num_rows
            assert all(read[name].null_count == expected for name in columns) and read["ev"].to_pylist() == [""] * expected
            read_everywhere(sql, connection, cursor, expected)


def read_everywhere(sql, connection, cursor, expected):
    for name in ("polars", "pandas", "duckdb"):
        try:
            client = __import__(name)
        except ImportError:
            continue
        if name == "polars":
            frame = client.read_database(sql, connection)
            assert frame.height == expected and frame["v"].null_count() == expected and set(frame["ev"].to_list()) <= {""}, frame
        elif name == "pandas":
            frame = client.read_sql(sql, connection)
            assert len(frame) == expected and frame["v"].isna().all() and (frame["ev"] == "").all(), frame
        else:
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
            counts = client.sql("SELECT count(*), count(v), count(ev), count(m), count(b) FROM reader").fetchall()
            assert counts == [(expected, 0, expected, 0, 0)], counts
