# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""What the checks share: the driver and the sandbox they are given, connections, expectations, a server made of one answer, and the list of tests."""
import datetime
import os
import socket
import sys
import threading
import time
import traceback

import adbc_driver_manager
import adbc_driver_manager.dbapi as dbapi

DRIVER, URL = sys.argv[1], sys.argv[2]
URI = URL.replace("http://", "tdrest://")
UTC = datetime.timezone.utc
BASE = 1700000000  # seconds
DATABASES = {"adbc_ms": "ms", "adbc_us": "us", "adbc_ns": "ns"}
MANAGER = tuple(int(part) for part in adbc_driver_manager.__version__.split(".")[:2])
Status = adbc_driver_manager.AdbcStatusCode
tests = []


def count(name, default):
    """A number that the caller's environment may raise, for a longer proof."""
    return int(os.environ.get(name, default))


def test(function=None, manager=(0, 0)):
    """Marks a test; with the manager's version that it needs."""
    if function is None:
        return lambda f: test(f, manager)
    if manager <= MANAGER:
        tests.append(function)
    return function


def connect(database="adbc_ms", uri=URI, **options):
    if database is not None:
        options["tdrest.database"] = database
    return dbapi.connect(driver=DRIVER, db_kwargs={"uri": uri, **options}, autocommit=True)


def raises(kind, status, call, *arguments, **keywords):
    try:
        call(*arguments, **keywords)
    except kind as error:
        assert error.status_code == status, (error.status_code, str(error))
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def together(work, workers):
    """Runs work(n) in that many threads; what they raised is raised here."""
    failures = []

    def guarded(number):
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001: raised below
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class Script(threading.Thread):
    """A server that answers SELECTs of t with these bytes and then closes the connection, or is silent; anything else with one row."""

    ONE = b'{"code":0,"column_meta":[["i","INT",4]],"data":[[1]],"rows":1}'

    def __init__(self, body, closes):
        super().__init__(daemon=True)
        self.body, self.closes, self.asked = body, closes, threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"tdrest://root:taosdata@127.0.0.1:{self.listener.getsockname()[1]}?retry=never"
        self.start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        with peer:
            try:
                while request := self.read_request(peer):
                    body, size = (self.body, 100_000_000) if b"FROM t" in request else (self.ONE, len(self.ONE))
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size + body)
                    if body is self.body and self.closes:
                        return
            except OSError:
                return

    def read_request(self, peer):
        """Head and body: both are short."""
        request = b""
        while b"\r\n\r\n" not in request or len(request.split(b"\r\n\r\n", 1)[1]) < int(request.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            more = peer.recv(65536)
            if not more:
                return None
            request += more
        if b"FROM t" in request:
            self.asked.set()
        return request

    def stop(self):
        self.listener.close()


def rows_of_json(count_of_rows):
    """An answer that goes on behind these rows."""
    return b'{"code":0,"column_meta":[["i","INT",4]],"data":[' + b",".join(b"[%d]" % i for i in range(count_of_rows))


def run(function):
    started = time.monotonic()
    try:
        function()
    except ImportError as error:
        print(f"  {function.__name__}: not run, {error}")
        return None
    except BaseException:  # noqa: BLE001: told. Rust's panics are no Exception
        print(f"  {function.__name__}: FAILED")
        traceback.print_exc()
        return False
    print(f"  {function.__name__} {time.monotonic() - started:.2f} s", flush=True)
    return True


def run_all(chosen):
    """Status for the shell: every test passed or could not run for want of a package."""
    with connect(None) as connection, connection.cursor() as cursor:
        for database, unit in DATABASES.items():
            cursor.execute(f"CREATE DATABASE {database} PRECISION '{unit}' KEEP 36500")
    results = [run(function) for function in chosen]
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 1 if False in results else 0
