#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""read.py JSON CSV TSV: reads three outputs of one statement, by the rules of each format, and demands that they hold the same values.

TSV is read by the rules of PostgreSQL's COPY text format. JSON tells types; CSV and TSV are compared as texts.
"""
import csv
import decimal
import json
import re
import sys


def copy_field(field):
    """A field of COPY's text format; None for NULL."""
    if field == b"\\N":
        return None
    out, at = bytearray(), 0
    letters = {b"b": 8, b"f": 12, b"n": 10, b"r": 13, b"t": 9, b"v": 11}
    while at < len(field):
        if field[at:at + 1] != b"\\":
            out.append(field[at])
            at += 1
            continue
        letter = field[at + 1:at + 2]
        if letter == b"x":
            out.append(int(field[at + 2:at + 4], 16))
            at += 4
        else:
            out.append(letters.get(letter, letter[0]))
            at += 2
    return bytes(out).decode("utf-8", "replace")


def csv_rows(name):
    """Rows with NULL as None: the csv module does not tell an empty field from an empty text, so that is read here."""
    with open(name, encoding="utf-8", errors="replace", newline="") as stream:
        text = stream.read()
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    marked = list(csv.reader(text.replace('""', "\0").splitlines(keepends=True))) if "\0" not in text else rows
    for row, marks in zip(rows, marked):
        yield [None if cell == "" and mark == "" else cell for cell, mark in zip(row, marks)]


def as_text(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, default=str)
    return str(value)


def same(value, text):
    """Is the text of a file the value that JSON has?"""
    if value is None or text is None:
        return value is None and text is None
    if isinstance(value, (dict, list)):
        return json.loads(text, parse_float=decimal.Decimal, parse_int=decimal.Decimal) == value
    if isinstance(value, decimal.Decimal):
        return decimal.Decimal(text) == value
    return re.sub("\ufffd+", "\ufffd", as_text(value)) == re.sub("\ufffd+", "\ufffd", text)


def main():
    with open(sys.argv[1], encoding="utf-8") as stream:
        objects = json.load(stream, parse_float=decimal.Decimal, parse_int=decimal.Decimal)
    names = list(objects[0])
    table = list(csv_rows(sys.argv[2]))
    with open(sys.argv[3], "rb") as stream:
        lines = stream.read().split(b"\n")
    assert lines.pop() == b"", "tsv does not end with a line end"
    tabs = [[copy_field(field) for field in line.split(b"\t")] for line in lines]
    assert len(table) == len(tabs) == len(objects) + 1, (len(table), len(tabs), len(objects))
    for number, entry in enumerate(objects, 1):
        assert list(entry) == names, "other names"
        for value, cell, field in zip(entry.values(), table[number], tabs[number]):
            assert same(value, cell), ("csv", number, value, cell)
            assert same(value, field), ("tsv", number, value, field)


main()
