# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""A plugin of pytest: where the vendor's native client library is not installed, its Python package can be imported all the same.

The REST tests import the package for two functions that need no library. Calling one that needs it fails.
"""
import ctypes

REAL = ctypes.CDLL


class Function:
    """One function of the library: only its version can be asked for."""

    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments):
        if self.name == "taos_get_client_info":
            return b"3.3.6.9"
        raise RuntimeError(self.name + ": the native client library is not installed")


class Library:
    def __getattr__(self, name):
        function = Function(name)
        setattr(self, name, function)
        return function


def load(name, *arguments, **options):
    try:
        return REAL(name, *arguments, **options)
    except OSError:
        if "taos" not in str(name):
            raise
        return Library()


ctypes.CDLL = load
