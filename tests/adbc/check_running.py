# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""What runs at once, ends early, or outlives the rest: a million rows, pools, threads, cancels, forks, servers that die, another user of libcurl."""
import gc
import multiprocessing
import threading
import time
import warnings

import adbc_driver_manager.dbapi as dbapi
import pyarrow as pa
from base import BASE, DRIVER, URL, Script, Status, connect, raises, rows_of_json, test, together
from check_types import check_full

HALF = rows_of_json(500_000)
AT_LAST = {"tdrest.timeout_ms": "60000"}  # a cancel that does nothing ends there, as another error


@test
def a_million_rows():
    rows = 1_000_000
    table = pa.table({"ts": pa.array(range(BASE * 1000, BASE * 1000 + rows), pa.timestamp("ms", "UTC")), "i": pa.array(range(rows), pa.int32())})
    with connect() as connection, connection.cursor() as cursor:
        assert cursor.adbc_ingest("million", table) == rows
        cursor.execute("SELECT ts, i FROM million ORDER BY ts")
        read = cursor.fetch_arrow_table()
        assert check_full(read.to_batches()) == rows
        assert read["i"].equals(table["i"]) and read["ts"].equals(table["ts"])
        assert len(read.to_batches()) < 100, "small batches make large results slow"


@test
def batches_outlive_everything():
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM alltypes ORDER BY ts")
    table = cursor.fetch_arrow_table()
    before = table.to_pylist()
    cursor.close()
    connection.close()
    del cursor, connection
    gc.collect()
    table.validate(full=True)
    assert table.to_pylist() == before and table.num_rows == 3


@test(manager=(1, 0))  # an older one reads memory that it has freed
def a_stream_is_read_once_its_cursor_is_gone():
    """The rows in hand stay good; further ones are an error that says why, never a silent end."""
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT i FROM million")
        reader = cursor.fetch_record_batch()
        first = reader.read_next_batch()
        cursor.close()
        try:
            while True:
                reader.read_next_batch()
        except StopIteration:
            raise AssertionError("the rows ended in silence") from None
        except Exception as error:  # noqa: BLE001: of pyarrow or of the manager, by its version
            assert "released" in str(error) or "closed" in str(error), error
        first.validate(full=True)
        assert first.num_rows > 0


@test
def cursors_and_pool():
    with connect(**{"tdrest.pool_max": "2"}) as connection:
        cursors = [connection.cursor() for _ in range(3)]
        for cursor in cursors[:2]:
            cursor.execute("SELECT i FROM million LIMIT 200000")
        started = time.monotonic()
        error = raises(dbapi.ProgrammingError, Status.INVALID_STATE, cursors[2].execute, "SELECT 1")
        assert "all 2 connections" in str(error) and time.monotonic() - started < 5, error
        assert all(cursor.fetchone() is not None for cursor in cursors[:2])
        assert [len(cursor.fetchall()) for cursor in cursors[:2]] == [199_999] * 2
        cursors[2].execute("SELECT 1")
        assert cursors[2].fetchone() == (1,)
        for cursor in cursors:
            cursor.close()


@test
def sixteen_threads():
    """One connection each, and then one database with a connection of the pool for each."""
    def work(connection):
        with connection.cursor() as cursor:
            for _ in range(10):
                cursor.execute("SELECT * FROM alltypes WHERE i32 = ?", (2**31 - 1,))
                assert cursor.fetch_arrow_table().num_rows == 1

    def alone(_):
        with connect() as connection:
            work(connection)

    together(alone, 16)
    with connect(**{"tdrest.pool_max": "16"}) as connection:
        together(lambda _: work(connection), 16)


@test
def sixteen_writers():
    with connect(**{"tdrest.pool_max": "16"}) as connection:
        def work(number):
            table = pa.table({"ts": pa.array(range(BASE * 1000, BASE * 1000 + 2000), pa.timestamp("ms")), "i": pa.array([number] * 2000, pa.int32())})
            with connection.cursor() as cursor:
                assert cursor.adbc_ingest(f"writer_{number}", table) == 2000
                cursor.execute(f"SELECT COUNT(*), SUM(i) FROM writer_{number}")
                assert cursor.fetchone() == (2000, 2000 * number)

        together(work, 16)


@test
def a_server_that_dies():
    """At row 500,000: an exception with the driver's message, whichever way the rows are fetched, and never fewer rows."""
    def by_row(cursor):
        while cursor.fetchone() is not None:
            pass

    def by_batch(cursor):
        for _ in cursor.fetch_record_batch():
            pass

    for fetch in (lambda cursor: cursor.fetch_arrow_table(), lambda cursor: cursor.fetchall(), by_row, by_batch):
        server = Script(HALF, True)
        with connect(None, server.uri) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT i FROM t")
            try:
                fetch(cursor)
            except (dbapi.OperationalError, OSError) as error:  # what reads without the manager has an OSError
                assert "transfer closed" in str(error).lower() or "bytes" in str(error).lower(), error
                assert not isinstance(error, dbapi.Error) or error.status_code == Status.IO, error
            else:
                raise AssertionError("no error")
            cursor.execute("SELECT 1")
            assert cursor.fetchall() == [(1,)]
        server.stop()


def cancelling(cursor, call, status=Status.CANCELLED):
    """Cancels from another thread, again and again, until the call has ended with that."""
    done = threading.Event()

    def cancel():
        while not done.wait(0.02):
            try:
                cursor.adbc_cancel()
            except dbapi.ProgrammingError as error:  # the call has not begun yet, or is over
                assert error.status_code == Status.INVALID_STATE, error

    thread = threading.Thread(target=cancel)
    thread.start()
    try:
        raises(dbapi.OperationalError, status, call)
    finally:
        done.set()
        thread.join()


@test(manager=(0, 8))
def cancel_while_rows_are_fetched():
    server = Script(HALF, False)
    with connect(None, server.uri, **{"tdrest.pool_max": "1", **AT_LAST}) as connection, connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute("SELECT i FROM t")
            cancelling(cursor, cursor.fetch_arrow_table)
            cursor.execute("SELECT 1")  # by the pool's only connection, which was given back
            assert cursor.fetchall() == [(1,)]
    server.stop()


@test(manager=(0, 8))
def cancel_while_the_answer_is_awaited():
    server = Script(b"", False)
    with connect(None, server.uri, **{"tdrest.pool_max": "1", **AT_LAST}) as connection, connection.cursor() as cursor:
        cancelling(cursor, lambda: cursor.execute("SELECT i FROM t"))
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    server.stop()


@test(manager=(0, 8))
def cancel_while_a_connection_is_awaited():
    """The pool's one connection is busy with another cursor's call, which takes for ever."""
    server = Script(b"", False)
    with connect(None, server.uri, **{"tdrest.pool_max": "1", "tdrest.pool_wait_ms": "50000", **AT_LAST}) as connection, connection.cursor() as busy, connection.cursor() as cursor:
        def run_busy(number):
            if number == 0:
                cancelled_by_hand(lambda: busy.execute("SELECT i FROM t"))
            else:
                assert server.asked.wait(60)
                cancelling(cursor, lambda: cursor.execute("SELECT 1"))
                busy.adbc_cancel()

        together(run_busy, 2)
        for again in (cursor, busy):
            again.execute("SELECT 1")
            assert again.fetchall() == [(1,)]
    server.stop()


@test(manager=(0, 8))
def a_wait_for_a_connection_ends_in_time():
    """The whole wait is told, not the part between two looks for a cancel."""
    server = Script(b"", False)
    with connect(None, server.uri, **{"tdrest.pool_max": "1", "tdrest.pool_wait_ms": "250", **AT_LAST}) as connection, connection.cursor() as busy, connection.cursor() as cursor:
        def work(number):
            if number == 0:
                cancelled_by_hand(lambda: busy.execute("SELECT i FROM t"))
                return
            assert server.asked.wait(60)
            error = raises(dbapi.OperationalError, Status.TIMEOUT, cursor.execute, "SELECT 1")
            busy.adbc_cancel()
            assert "within 250 ms" in str(error) and error.sqlstate == "HYT00", error

        together(work, 2)
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == [(1,)]
    server.stop()


def cancelled_by_hand(call):
    raises(dbapi.OperationalError, Status.CANCELLED, call)


@test(manager=(0, 8))
def a_cancel_of_nothing_is_not_kept():
    with connect() as connection, connection.cursor() as cursor:
        raises(dbapi.ProgrammingError, Status.INVALID_STATE, connection.adbc_cancel)
        for _ in range(3):
            raises(dbapi.ProgrammingError, Status.INVALID_STATE, cursor.adbc_cancel)
            cursor.execute("SELECT * FROM alltypes")
            assert cursor.fetch_arrow_table().num_rows == 3
            assert connection.adbc_get_info()
            connection.adbc_cancel()
            assert connection.adbc_get_table_types()
        cursor.execute("SELECT * FROM alltypes")
        cursor.adbc_cancel()
        raises(dbapi.OperationalError, Status.CANCELLED, cursor.fetch_arrow_table)


def in_child(connection, cursor, queue):
    said = []
    for call in (cursor.fetchall, lambda: cursor.execute("SELECT 1"), lambda: connection.cursor().execute("SELECT 1"), connection.adbc_get_objects):
        try:
            call()
            said.append("no error")
        except Exception as error:  # noqa: BLE001: told
            said.append(str(error))
    try:
        with connect() as own, own.cursor() as mine:
            mine.execute("SELECT 1")
            said.append(mine.fetchall())
    except Exception as error:  # noqa: BLE001: told
        said.append(str(error))
    queue.put(said)


@test
def forking():
    """With a stream open: the child gets errors, and may open its own; it ends first, its finalizers run, and the parent reads on."""
    context = multiprocessing.get_context("fork")
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT i FROM million LIMIT 200000")
        first = cursor.fetchone()
        queue = context.SimpleQueue()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = context.Process(target=in_child, args=(connection, cursor, queue))
            child.start()
        said = queue.get()
        child.join()
        assert child.exitcode == 0 and said[-1] == [(1,)] and all("fork" in one for one in said[:-1]), (child.exitcode, said)
        assert first is not None and len(cursor.fetchall()) == 199_999


@test
def beside_another_user_of_libcurl():
    """Whose library, and whose start and end of it, are its own."""
    import io

    import pycurl

    def work(number):
        for _ in range(10):
            if number % 2:
                with connect() as connection, connection.cursor() as cursor:
                    cursor.execute("SELECT * FROM alltypes")
                    assert cursor.fetch_arrow_table().num_rows == 3
            else:
                body = io.BytesIO()
                curl = pycurl.Curl()
                for option, value in ((pycurl.URL, URL.replace("root:taosdata@", "") + "/rest/sql"), (pycurl.USERPWD, "root:taosdata"), (pycurl.POSTFIELDS, "SELECT 1"),
                                      (pycurl.WRITEDATA, body), (pycurl.NOSIGNAL, 1)):
                    curl.setopt(option, value)
                curl.perform()
                curl.close()
                assert b'"code":0' in body.getvalue()

    together(work, 8)
    pycurl.global_cleanup()
    together(lambda number: work(1), 2)
