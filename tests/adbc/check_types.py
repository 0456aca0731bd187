# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""Every type, its extremes and NULL, in databases of every precision: read equal, and written back equal; every array valid for two validators."""
import datetime
import decimal

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
from base import BASE, DATABASES, Status, UTC, connect, raises, test

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


def check_full(batches):
    """Each array by nanoarrow's full validation, over the driver's own buffers; and by pyarrow's. The rows."""
    import nanoarrow

    def check(array):
        assert not list(array.children)
        nanoarrow.c_array_from_buffers(array.schema, array.length, list(array.view().buffers), null_count=array.null_count, offset=array.offset,
                                       validation_level="full")
        return array.length

    rows = 0
    for batch in batches:
        columns = list(nanoarrow.c_array(batch).children)
        assert {check(column) for column in columns} == {batch.num_rows}
        batch.validate(full=True)
        rows += batch.num_rows
    return rows


def read(cursor, sql):
    """The table, its arrays checked."""
    cursor.execute(sql)
    table = cursor.fetch_arrow_table()
    table.validate(full=True)
    check_full(table.to_batches())
    return table


def plain(table):
    """Without metadata, and nullable, as a table that was written has it."""
    return table.replace_schema_metadata(None).cast(pa.schema([pa.field(f.name, f.type) for f in table.schema]))


def written_back(cursor, name, table):
    """The table as it comes back from one that was made of it; nulls in the key are none."""
    assert cursor.adbc_ingest(name, table, mode="replace") == table.num_rows, name
    again = read(cursor, f"SELECT * FROM {name} ORDER BY ts")
    assert plain(again).equals(plain(table)), (name, again.to_pylist(), table.to_pylist())
    return again


@test
def every_type_by_ingest():
    for database, unit in DATABASES.items():
        with connect(database) as connection, connection.cursor() as cursor:
            table = read(cursor, "SELECT * FROM alltypes ORDER BY ts")
            assert table.schema.field("ts").type == pa.timestamp(unit, "UTC"), table.schema
            variants = {
                "plain": table,
                "large": table.set_column(12, "v", table["v"].cast(pa.large_string())).set_column(14, "x", table["x"].cast(pa.large_binary())),
                "dictionary": table.set_column(12, "v", table["v"].dictionary_encode()),
                "sliced": pa.concat_tables([table.slice(1), table.slice(0, 1)]),
            }
            if hasattr(pa, "string_view"):
                variants["views"] = table.set_column(12, "v", table["v"].cast(pa.string_view()))
            for name, given in variants.items():
                assert cursor.adbc_ingest("copy_" + name, given, mode="replace") == 3
                again = read(cursor, f"SELECT * FROM copy_{name} ORDER BY ts")
                assert again.to_pylist() == table.to_pylist(), name


# Of each Arrow type the least, the greatest, and what lies at an edge.
EXTREMES = {
    "b": (pa.bool_(), [True, False]),
    "i8": (pa.int8(), [-(2**7), 2**7 - 1, 0, -1]),
    "i16": (pa.int16(), [-(2**15), 2**15 - 1, 0, -1]),
    "i32": (pa.int32(), [-(2**31), 2**31 - 1, 0, -1]),
    "i64": (pa.int64(), [-(2**63) + 1, 2**63 - 1, 0, -1]),
    "u8": (pa.uint8(), [2**8 - 1, 0, 1]),
    "u16": (pa.uint16(), [2**16 - 1, 0, 1]),
    "u32": (pa.uint32(), [2**32 - 1, 0, 1]),
    "u64": (pa.uint64(), [2**64 - 1, 0, 1, 2**63]),
    "f": (pa.float32(), [3.4028234663852886e38, -3.4028234663852886e38, 1.17549435e-38, 1.401298464324817e-45, 0.1, 0.0, 16777217.0]),
    "d": (pa.float64(), [1.7976931348623157e308, -1.7976931348623157e308, 2.2250738585072014e-308, 5e-324, 0.1, 0.0, 2.0**53 + 2]),
    "v": (pa.string(), ["", "'", "\\", '"', "\r\n\t", "\u00e9\u6c49\U0001f600", "x" * 1000, "%_`;--"]),
    "x": (pa.binary(), [b"", b"\x00", bytes(range(256)), b"\xff" * 1000]),
    "m": (pa.decimal128(38, 0), [decimal.Decimal(10**38 - 1), decimal.Decimal(-(10**38) + 1), decimal.Decimal(0), decimal.Decimal(1)]),
    "m18": (pa.decimal128(18, 18), [decimal.Decimal(10**18 - 1).scaleb(-18), decimal.Decimal(-1).scaleb(-18), decimal.Decimal(0)]),
}
# The times that a database of this precision takes: its KEEP is a hundred years.
TIMES = {"ms": 10**3, "us": 10**6, "ns": 10**9}


def extremes_of(kind, length):
    """Each value, NULL among them, again and again."""
    array_type, values = kind
    values = [*values, None]
    return pa.array([values[i % len(values)] for i in range(length)], array_type)


@test
def extremes_of_every_type():
    length = 64
    for database, unit in DATABASES.items():
        key = pa.array([BASE * TIMES[unit] + (i if i % 2 else i * TIMES[unit]) for i in range(length)], pa.timestamp(unit, "UTC"))
        second = pa.array([None if i % 3 == 0 else BASE * TIMES[unit] - i * i for i in range(length)], pa.timestamp(unit, "UTC"))
        table = pa.table({"ts": key, "t2": second, **{name: extremes_of(kind, length) for name, kind in EXTREMES.items()}}).sort_by("ts")
        with connect(database) as connection, connection.cursor() as cursor:
            written_back(cursor, "extremes", table)
            once_more = read(cursor, "SELECT * FROM extremes ORDER BY ts")
            written_back(cursor, "extremes2", once_more)
            for name in EXTREMES:
                rows = read(cursor, f"SELECT ts, {name} FROM extremes WHERE {name} IS NULL ORDER BY ts")
                assert rows.num_rows == table[name].null_count and rows[name].null_count == rows.num_rows, name
            nothing = read(cursor, "SELECT * FROM extremes WHERE ts < 0")
            assert nothing.num_rows == 0 and nothing.schema.types[2:] == table.schema.types[2:], nothing.schema
            assert nothing.schema.types[0] == pa.timestamp("ms", "UTC"), "no value tells the unit"


@test
def decimals_of_every_precision_and_scale():
    """Zero, one unit and the greatest, with either sign."""
    with connect() as connection, connection.cursor() as cursor:
        for precision in range(1, 39):
            greatest = 10**precision - 1
            columns = {"ts": pa.array([BASE * 1000 + i for i in range(6)], pa.timestamp("ms", "UTC"))}
            with decimal.localcontext() as context:
                context.prec = 40
                for scale in range(precision + 1):
                    values = [decimal.Decimal(unit).scaleb(-scale) for unit in (0, 1, -1, greatest, -greatest)]
                    columns[f"s{scale}"] = pa.array([*values, None], pa.decimal128(precision, scale))
            written_back(cursor, f"decimal_{precision}", pa.table(columns))


@test
def times():
    given = pa.table({"t": pa.array([BASE * 10**9, BASE * 10**9 + 1_000_001], pa.timestamp("ns")), "x": [1, 2]})
    with connect("adbc_ms") as connection, connection.cursor() as cursor:
        error = raises(dbapi.DataError, Status.INVALID_DATA, cursor.adbc_ingest, "ns_in_ms", given)
        assert "row 1" in str(error) and "column t" in str(error), error
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
def parameters_that_are_none():
    columns = "ts TIMESTAMP, i INT, v VARCHAR(8), m DECIMAL(9,2), b BOOL"
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE nones ({columns})")
        rows = [(datetime.datetime.fromtimestamp(BASE + i, UTC), None, None, None, None) for i in range(3)]
        cursor.executemany("INSERT INTO nones VALUES (?, ?, ?, ?, ?)", rows)
        assert cursor.rowcount == 3
        cursor.execute("INSERT INTO nones VALUES (?, ?, ?, ?, ?)", (datetime.datetime.fromtimestamp(BASE + 3, UTC), 1, None, decimal.Decimal("1.5"), None))
        assert cursor.rowcount == 1
        cursor.execute("SELECT * FROM nones ORDER BY ts")
        assert [tuple(row)[1:] for row in cursor.fetchall()] == [(None,) * 4] * 3 + [(1, None, decimal.Decimal("1.50"), None)]
        cursor.execute("SELECT i FROM nones WHERE i = ?", (None,))
        assert cursor.fetchall() == []
        raises(dbapi.DataError, Status.INVALID_DATA, cursor.execute, "INSERT INTO nones VALUES (?, ?, ?, ?, ?)", (None, 1, None, None, None))


@test
def statements_with_parameters():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parameters (ts TIMESTAMP, i INT)")
        assert cursor.rowcount == 0 and not cursor.description and cursor.fetchall() == []
        times_of = [datetime.datetime.fromtimestamp(BASE + i, UTC) for i in range(6)]
        cursor.executemany("INSERT INTO parameters VALUES (?, ?)", [(t, i) for i, t in enumerate(times_of)])
        assert cursor.rowcount == 6
        cursor.execute("SELECT i, ts FROM parameters WHERE ts >= ?", (times_of[2],))
        assert cursor.rowcount == -1 and [column[0] for column in cursor.description] == ["i", "ts"]
        assert cursor.fetchone()[0] == 2 and len(cursor.fetchmany(2)) == 2 and len(cursor.fetchall()) == 1 and cursor.fetchone() is None
        cursor.execute("DELETE FROM parameters WHERE ts = ?", (times_of[0],))
        assert cursor.rowcount == 1, cursor.rowcount
        cursor.executemany("DELETE FROM parameters WHERE ts = ?", [(times_of[1],), (times_of[2],)])
        assert cursor.rowcount == 2, cursor.rowcount
        for wrong in ((), (times_of[0], 1)):
            raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.execute, "SELECT i FROM parameters WHERE ts = ?", wrong)
        error = raises(dbapi.DataError, Status.INVALID_DATA, cursor.execute, "INSERT INTO parameters VALUES (?, ?)", (times_of[0], "one"))
        assert "column i" in str(error) and "row 0" in str(error), error
        raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.execute, "SELECT 1; SELECT 2")
        wide = cursor.adbc_prepare("INSERT INTO parameters VALUES (" + ", ".join("?" * 100) + ")")
        assert len(wide) == 100 and set(wide.names) == {""}, wide
        assert dbapi.paramstyle == "qmark"


@test
def names_of_extensions_are_left_out_unless_asked_for():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE STABLE js (ts TIMESTAMP, g GEOMETRY(100)) TAGS (j JSON)")
        cursor.execute("CREATE TABLE js1 USING js TAGS ('{\"a\": 1}')")
        cursor.execute("INSERT INTO js1 VALUES (1700000000000, 'POINT(1 2)') (1700000000001, NULL)")
        table = read(cursor, "SELECT ts, g, j FROM js ORDER BY ts")
        assert table.schema.types == [pa.timestamp("ms", "UTC"), pa.binary(), pa.string()], table.schema
        assert all(b"ARROW:extension:name" not in (field.metadata or {}) for field in table.schema)
        assert table["g"].null_count == 1 and table["g"][0].as_py()[:5] == b"\x01\x01\x00\x00\x00" and '"a"' in table["j"][0].as_py(), table
    with connect(**{"tdrest.arrow_extensions": "true"}) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT g, j FROM js")
        schema = pa.schema(cursor.fetch_record_batch().schema)
        told = str(schema)
        assert "geoarrow.wkb" in told and "arrow.json" in told, told
