# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""What a connection knows of its server: objects at every depth, by patterns and types; schemas; errors and their details."""
import time
import warnings

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
from base import BASE, DATABASES, DRIVER, MANAGER, URI, Status, connect, count, raises, test


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
        if MANAGER >= (1, 8):  # older ones do not pass it on
            assert set(tables_of(connection, depth="tables", db_schema_filter="adbc_ms", table_types_filter=["SUPER TABLE"])) == {("adbc_ms", "js"), ("adbc_ms", "stb")}
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
def objects_of_everything():
    """Without a filter, system tables among them, some of which the server names and does not describe. Lists are empty, not NULL, down to the depth."""
    with connect() as connection:
        everything = connection.adbc_get_objects().read_all().to_pylist()
        assert [catalog["catalog_name"] for catalog in everything] == [""]
        for schema in everything[0]["catalog_db_schemas"]:
            assert schema["db_schema_tables"] is not None, schema["db_schema_name"]
            for table in schema["db_schema_tables"]:
                assert table["table_columns"] is not None and table["table_constraints"] is not None, table["table_name"]
        found = tables_of(connection)
        assert found["information_schema", "ins_tables"]["table_type"] == "SYSTEM TABLE"
        assert ("adbc_ns", "alltypes") in found and found["adbc_ns", "alltypes"]["table_columns"][0]["column_name"] == "ts"
        for depth in ("catalogs", "db_schemas", "tables"):
            assert connection.adbc_get_objects(depth=depth, table_name_filter="no such", db_schema_filter="no such").read_all().num_rows == 1


@test
def statistics():
    """Of each table the rows that it has, and nothing else; of system tables nothing."""
    with connect() as connection, connection.cursor() as cursor:
        if not hasattr(connection, "adbc_get_statistics"):
            return
        for approximate in (True, False):
            found = connection.adbc_get_statistics(db_schema_filter="adbc_ms", approximate=approximate).read_all()
            found.validate(full=True)
            rows = {}
            for row in found.to_pylist()[0]["catalog_db_schemas"][0]["db_schema_statistics"]:
                assert (row["column_name"], row["statistic_key"], row["statistic_is_approximate"]) == (None, 6, False), row
                rows[row["table_name"]] = row["statistic_value"]
            assert set(rows) == {name for _, name in tables_of(connection, depth="tables", db_schema_filter="adbc_ms")}
            for name in rows:
                cursor.execute(f"SELECT COUNT(*) FROM adbc_ms.`{name}`")
                assert cursor.fetchall() == [(rows[name],)], (name, rows)
        system = connection.adbc_get_statistics(db_schema_filter="information_schema").read_all().to_pylist()
        assert system[0]["catalog_db_schemas"] == [{"db_schema_name": "information_schema", "db_schema_statistics": []}], system
        assert connection.adbc_get_statistic_names().read_all().num_rows == 0


@test
def one_of_many_tables():
    """One child table is found without looking at the others; an underscore is any character, and a pattern finds what it matches, no more."""
    number = count("TABLES", 5_000)
    names = [f"many_{i}" for i in range(number)]
    table = pa.table({"tb": names, "g": range(number), "ts": pa.array([BASE] * number, pa.timestamp("s")), "x": [1.0] * number})
    with connect("adbc_us") as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"tdrest.ingest.tags": "g", "tdrest.ingest.tbname": "tb"})
        assert cursor.adbc_ingest("many", table) == number
        times = []
        for i in range(0, number, number // 20):
            started = time.monotonic()
            found = tables_of(connection, depth="tables", db_schema_filter="adbc_us", table_name_filter=f"many_{i}")
            times.append(time.monotonic() - started)
            assert list(found) == [("adbc_us", f"many_{i}")]
        undisturbed = sorted(times)[len(times) // 4]
        print(f"    one of {number} tables: {undisturbed * 1000:.1f} ms")
        assert undisturbed < count("HAS_TABLE_MS", 2000) / 1000, times
        for pattern, expected in (("many%", number + 1), ("many__", 10), ("many_7%", len([n for n in names if n.startswith("many_7")])), ("%", None), ("many", 1), ("any%", 0)):
            found = tables_of(connection, depth="tables", db_schema_filter="adbc_us", table_name_filter=pattern)
            assert expected is None and len(found) > number or len(found) == expected, (pattern, len(found))
        found = tables_of(connection, db_schema_filter="adbc_us", table_name_filter="many%")
        assert len(found) == number + 1 and [c["column_name"] for c in found["adbc_us", "many_3"]["table_columns"]] == ["ts", "x", "g"]


@test
def errors():
    with connect() as connection, connection.cursor() as cursor:
        error = raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.execute, "SELECT * FROM nosuch")
        assert error.sqlstate == "42S02" and "does not exist" in str(error), error
        if hasattr(error, "details"):
            details = {key if isinstance(key, str) else key.decode(): value for key, value in error.details}
            assert details["tdrest.server_code"] == b"0x2603" and int(details["tdrest.req_id"]) > 0, details
        raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.execute, "SELEKT 1")
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    with connect(password="wrong") as connection, connection.cursor() as cursor:
        raises(dbapi.ProgrammingError, Status.UNAUTHENTICATED, cursor.execute, "SELECT 1")
    with connect(uri="tdrest://127.0.0.1:1/x?retry=never") as connection, connection.cursor() as cursor:
        raises(dbapi.OperationalError, Status.IO, cursor.execute, "SELECT 1")
    error = raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, connect, uri="mysql://root:secret@localhost/x")
    assert "not mysql://" in str(error) and "tdrest://" in str(error) and "secret" not in str(error), error
    for uri in ("localhost:6041/test", "", "/tmp/x"):
        error = raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, connect, uri=uri)
        assert "expected tdrest://" in str(error), error
    raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, connect, **{"tdrest.no_such_option": "1"})


@test
def autocommit():
    """There are no transactions: one warning where autocommit was not asked for, none where it was; commit and rollback are not needed, and no error."""
    for options, expected in (({}, 1), ({"autocommit": True}, 0)):
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            with dbapi.connect(driver=DRIVER, db_kwargs={"uri": URI}, **options) as connection:
                connection.commit()
                connection.rollback()
            assert len(told) == expected, told
    with connect() as connection:
        raises(dbapi.NotSupportedError, Status.NOT_IMPLEMENTED, connection.adbc_connection.set_autocommit, False)


@test(manager=(0, 8))
def the_current_database():
    with connect("adbc_ms") as connection, connection.cursor() as cursor:
        assert (connection.adbc_current_catalog, connection.adbc_current_db_schema) == ("", "adbc_ms")
        for use, expected in (("USE adbc_us", "us"), (" use `adbc_ns` ;", "ns"), ("Use Adbc_Ms", "ms")):
            cursor.execute(use)
            cursor.execute("SELECT * FROM alltypes")
            assert cursor.fetch_arrow_table().schema.field("ts").type.unit == expected, use
        raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.execute, "USE nosuch")
        assert connection.adbc_current_db_schema == "adbc_ms"
        connection.adbc_current_db_schema = "adbc_us"
        cursor.execute("SELECT ts FROM alltypes")
        assert cursor.fetch_arrow_table().schema.field("ts").type.unit == "us"
