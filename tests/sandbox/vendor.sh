#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The REST tests of a checkout of the vendor's Python connector over the sandbox: TDREST_VENDOR_TESTS names the checkout, python3 has pytest and
# what the connector needs. Those of SQLAlchemy ask port 6041 and stay out when it is not free. Usage: tests/sandbox/vendor.sh [DIRECTORY_OF_PROGRAMS]
set -u
checkout=${TDREST_VENDOR_TESTS-}
if [ -z "$checkout" ]; then
    echo "skipped: TDREST_VENDOR_TESTS names no checkout of the vendor's Python connector"
    exit 0
fi
programs=$(cd "${1:-build}" && pwd) || exit 2
checkout=$(cd "$checkout" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
plugins=$(pwd)/tests/sandbox/vendor
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM

set -- test_rest_api.py test_rest_client.py test_rest_connection.py test_rest_sqlalchemy.py
start_server "$programs/tdrest-sandbox" --quiet 2>/dev/null && sandbox_url=$server_url sandbox_pid=$server_pid
if [ -z "${sandbox_pid-}" ]; then
    echo 'port 6041 is not free: without test_rest_sqlalchemy.py'
    set -- test_rest_api.py test_rest_client.py test_rest_connection.py
    sandbox_start "$programs" --quiet || exit 2
fi
there=
for file in "$@"; do
    [ ! -f "$checkout/tests/$file" ] || there="$there $file"
done
[ -n "$there" ] || {
    echo "none of $* in $checkout/tests"
    exit 2
}
# Left out: what asks a host of the vendor's; a wrong password, which this adapter answers with 401 as recorded; indexes, of which there is no recording.
left_out='test_rest_connection.py::test_wrong_token test_rest_api.py::test_wrong_password test_rest_sqlalchemy.py::test_get_indexes'
echo "left out: $left_out"
for test in $left_out; do
    there="$there --deselect $test"
done
cd "$checkout/tests" && TDENGINE_URL=http://${sandbox_url##*@} PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$plugins:$checkout \
    python3 -m pytest -q -p no:cacheprovider -p without_library $there
