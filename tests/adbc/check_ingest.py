# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""Bulk ingest: modes, super tables, where the rows go, and how many did when the server died."""
import os
import random
import re
import signal
import subprocess
import threading
import time

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
from base import BASE, DRIVER, Status, connect, count, raises, test


def two(first="a"):
    return pa.table({"v": [first, None], "t": pa.array([BASE, BASE + 1], pa.timestamp("s")), "f": [1.5, None]})


@test
def ingest_modes():
    table = two()
    with connect() as connection, connection.cursor() as cursor:
        raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.adbc_ingest, "modes", table, mode="append")
        assert cursor.adbc_ingest("modes", table, mode="create") == 2
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table, mode="create")
        assert cursor.adbc_ingest("modes", table, mode="append") == 2
        nulls = table.set_column(2, "f", pa.nulls(2))
        assert cursor.adbc_ingest("modes", nulls, mode="append") == 2
        error = raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.adbc_ingest, "fresh", nulls)
        assert "column f" in str(error), error
        raises(dbapi.ProgrammingError, Status.INVALID_ARGUMENT, cursor.adbc_ingest, "fresh", table.drop_columns("t"))
        assert cursor.adbc_ingest("modes", table.schema.empty_table(), mode="append") == 0


@test(manager=(0, 7))
def ingest_modes_of_later_managers():
    table = two()
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.adbc_ingest("modes", table, mode="create_append") == 2
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table.rename_columns(["v", "t", "g"]), mode="create_append")
        raises(dbapi.ProgrammingError, Status.ALREADY_EXISTS, cursor.adbc_ingest, "modes", table.set_column(2, "f", [[1, 2]]), mode="create_append")
        cursor.execute("SELECT COUNT(*) FROM modes")
        assert cursor.fetchone() == (2,)
        assert cursor.adbc_ingest("modes", table, mode="replace", db_schema_name="adbc_us") == 2
        assert connection.adbc_get_table_schema("modes", db_schema_filter="adbc_us").names == ["t", "v", "f"]
        raises(dbapi.NotSupportedError, Status.NOT_IMPLEMENTED, cursor.adbc_ingest, "modes", table, temporary=True)
        raises(dbapi.ProgrammingError, Status.NOT_FOUND, cursor.adbc_ingest, "modes", table, catalog_name="other")


@test(manager=(0, 7))
def an_ingest_goes_where_this_one_was_told_to_go():
    """Not where the one before went, by the same cursor."""
    with connect("adbc_ms") as connection, connection.cursor() as cursor:
        assert cursor.adbc_ingest("here", two(), mode="replace", db_schema_name="adbc_us") == 2
        assert cursor.adbc_ingest("here", two().slice(1), mode="replace") == 1
        for database, rows in (("adbc_us", 2), ("adbc_ms", 1)):
            cursor.execute(f"SELECT COUNT(*) FROM {database}.here")
            assert cursor.fetchone() == (rows,), database


@test
def super_tables():
    table = pa.table({"tb": ["d1", "d2", "d1"], "g": [1, 2, 1], "ts": pa.array([BASE, BASE, BASE + 1], pa.timestamp("s")), "x": [1.0, 2.0, 3.0]})
    with connect() as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"tdrest.ingest.tags": "g", "tdrest.ingest.tbname": "tb"})
        assert cursor.adbc_ingest("stb", table) == 3
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tbname, g, x FROM stb ORDER BY ts, tbname")
        assert cursor.fetchall() == [("d1", 1, 1.0), ("d2", 2, 2.0), ("d1", 1, 3.0)]
        cursor.adbc_statement.set_options(**{"tdrest.ingest.tags": "g", "tdrest.ingest.using": "stb"})
        assert cursor.adbc_ingest("d3", table.slice(0, 1).drop_columns("tb"), mode="create_append") == 1
        cursor.execute("SELECT tbname, g, x FROM stb WHERE tbname = 'd3'")
        assert cursor.fetchall() == [("d3", 1, 1.0)]


@test
def lengths_are_those_of_all_batches():
    """A later batch makes the column of a new table longer; one whose length was asked for stays as it is."""
    texts = ["x", "y" * 100, "z" * 3000]
    batches = [pa.RecordBatch.from_pydict({"t": pa.array([BASE + i], pa.timestamp("s")), "v": [text], "b": [text.encode()]}) for i, text in enumerate(texts)]
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.adbc_ingest("lengths", pa.Table.from_batches(batches)) == 3
        cursor.execute("SELECT v FROM lengths ORDER BY t")
        assert [row[0] for row in cursor.fetchall()] == texts
        cursor.execute("DESCRIBE lengths")
        assert [row[2] for row in cursor.fetchall()] == [8, 4096, 4096]
        cursor.adbc_statement.set_options(**{"tdrest.ingest.varchar_bytes": "50"})
        error = raises(dbapi.DataError, Status.INVALID_DATA, cursor.adbc_ingest, "lengths2", pa.Table.from_batches(batches))
        assert "column v" in str(error) and "row 1" in str(error), error


@test
def a_stream_that_fails():
    """The client's own reader gives up behind some rows: they are counted in the error, and there."""
    def batches():
        for i in range(3):
            yield pa.RecordBatch.from_pydict({"t": pa.array([BASE + i], pa.timestamp("s")), "x": [i]})
        raise ValueError("the source is gone")

    schema = pa.schema([("t", pa.timestamp("s")), ("x", pa.int64())])
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE failing (t TIMESTAMP, x BIGINT)")
        try:
            cursor.adbc_ingest("failing", pa.RecordBatchReader.from_batches(schema, batches()), mode="append")
            raise AssertionError("no error")
        except dbapi.Error as error:
            said = str(error)
        assert "the source is gone" in said, said
        cursor.execute("SELECT COUNT(*) FROM failing")
        written = cursor.fetchone()[0]
        assert f"({written} rows were written)" in said, (written, said)


class Server:
    """A sandbox of one's own, with its data in a file, so that it can be killed and come back."""

    def __init__(self):
        self.program = os.path.join(os.path.dirname(DRIVER), "tdrest-sandbox")
        self.file = os.path.join(os.environ["TDREST_TEST_DIRECTORY"], f"killed-{os.getpid()}.db")
        self.port = "0"
        self.start()

    def start(self):
        """On the same port again, which a connection of somebody else's may hold for a moment."""
        for _ in range(200):
            self.process = subprocess.Popen([self.program, "--quiet", "--port", self.port, "--data", self.file], stdout=subprocess.PIPE, text=True)
            self.uri = self.process.stdout.readline().strip().replace("http://", "tdrest://")
            if self.uri:
                self.port = self.uri.rsplit(":", 1)[1]
                return
            self.process.wait()
            self.process.stdout.close()
            time.sleep(0.05)
        raise RuntimeError("the sandbox does not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def killing(server, work, kills):
    """Runs work() while the server is killed that many times at random moments, and comes back at once."""
    done = threading.Event()
    chance = random.Random(7)

    def kill():
        for _ in range(kills):
            if done.wait(chance.uniform(0.02, 0.3)):
                return
            server.kill()
            server.start()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        return work()
    finally:
        done.set()
        thread.join()


@test
def ingest_while_the_server_is_killed():
    """With repeats every row arrives; without, the error's count is what is there, but for the one request of which nobody knows."""
    rows, kills = count("ROWS", 100_000), count("KILLS", 3)
    server = Server()
    try:
        with connect("d", server.uri) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE d")
            cursor.execute("CREATE TABLE d.killed (ts TIMESTAMP, i INT)")
        table = pa.table({"ts": pa.array(range(BASE * 1000, BASE * 1000 + rows), pa.timestamp("ms")), "i": pa.array(range(rows), pa.int32())})
        with connect("d", server.uri, **{"tdrest.retry_for_ms": "120000", "tdrest.timeout_ms": "240000"}) as connection, connection.cursor() as cursor:
            assert killing(server, lambda: cursor.adbc_ingest("killed", table, mode="append"), kills) == rows
            cursor.execute("SELECT COUNT(*), SUM(i) FROM killed")
            assert cursor.fetchone() == (rows, rows * (rows - 1) // 2)
            cursor.execute("DELETE FROM killed")
        with connect("d", server.uri, **{"tdrest.retry": "never"}) as connection, connection.cursor() as cursor:
            failures = 0
            for _ in range(kills):
                make_again(server)
                said = killing(server, lambda: ingest_or_error(cursor, table), 1)
                failures += said != rows
                check_written(server, said, rows)
            print(f"    {rows} rows, {kills} kills without repeats: {failures} failed")
    finally:
        server.kill()


def make_again(server):
    with connect("d", server.uri) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE killed")
        cursor.execute("CREATE TABLE killed (ts TIMESTAMP, i INT)")


def ingest_or_error(cursor, table):
    """How many rows were written by what it says."""
    try:
        return cursor.adbc_ingest("killed", table, mode="append")
    except dbapi.Error as error:
        counted = re.search(r"\((\d+) rows were written\)", str(error))
        return int(counted.group(1)) if counted else 0  # it died before the first row was sent


def check_written(server, said, rows):
    """They are there, the first of all, and at most those of the request that was under way besides."""
    with connect("d", server.uri) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), MAX(i) FROM killed")
        there, last = cursor.fetchone()
    assert said <= there <= (rows if said == rows else said + 100_000) and last in (None, there - 1), (said, there, last)
