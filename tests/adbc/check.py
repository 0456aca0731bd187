# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""Real clients over the sandbox: tests/adbc/check.py DRIVER URL [TEST]... Prints `N passed, N failed`.

PEP 249, pyarrow, nanoarrow, and where they are installed pandas, polars, DuckDB and pycurl: what they read, and what they write, by every type.
"""
import sys
import warnings

import base
import check_types  # noqa: F401: each adds its tests
import check_ingest  # noqa: F401
import check_catalog  # noqa: F401
import check_running  # noqa: F401
import check_clients  # noqa: F401


def main():
    warnings.simplefilter("error", ResourceWarning)
    names = sys.argv[3:]
    return base.run_all([function for function in base.tests if not names or function.__name__ in names])


if __name__ == "__main__":
    sys.exit(main())
