#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""arrow.py STREAM [ROWS.jsonl [STREAM ROWS.jsonl]...]: reads an Arrow IPC stream by the specification alone, and demands of the bytes what it says, of the places in them that
they are multiples of 64, and, with a second file each, that `-F jsonl --time epoch` wrote the same values. Prints the fields and the number of rows.

As a module: read(bytes) gives a Stream, swapped(bytes) the same stream as a machine with the other order of bytes would write it.
"""
import decimal
import json
import struct
import sys

TYPES = {2: "int", 3: "float", 4: "binary", 5: "utf8", 6: "bool", 7: "decimal", 10: "timestamp"}
UNITS = ["s", "ms", "us", "ns"]


class Table:
    """A table of a FlatBuffer."""

    def __init__(self, data, at):
        self.data, self.at = data, at
        assert at % 4 == 0, "a table is not aligned"
        vtable = at - struct.unpack_from("<i", data, at)[0]
        size, self.bytes = struct.unpack_from("<HH", data, vtable)
        self.fields = struct.unpack_from(f"<{(size - 4) // 2}H", data, vtable + 4)

    def place(self, field):
        """Where a field stands, or None."""
        return None if field >= len(self.fields) or self.fields[field] == 0 else self.at + self.fields[field]

    def number(self, field, code, default=0):
        place = self.place(field)
        if place is None:
            return default
        assert place % struct.calcsize(code) == 0, "a number is not aligned"
        assert place + struct.calcsize(code) <= self.at + self.bytes, "a number is not in its table"
        return struct.unpack_from("<" + code, self.data, place)[0]

    def target(self, field):
        place = self.place(field)
        return None if place is None else place + struct.unpack_from("<I", self.data, place)[0]

    def table(self, field):
        return Table(self.data, self.target(field))

    def text(self, field):
        at = self.target(field)
        if at is None:
            return None
        length = struct.unpack_from("<I", self.data, at)[0]
        assert at % 4 == 0 and self.data[at + 4 + length] == 0, "a string is not aligned or not closed"
        return self.data[at + 4:at + 4 + length].decode()

    def structs(self, field, code):
        at = self.target(field)
        assert (at + 4) % 8 == 0, "structs are not aligned"
        count = struct.unpack_from("<I", self.data, at)[0]
        return [struct.unpack_from("<" + code, self.data, at + 4 + struct.calcsize(code) * i) for i in range(count)]

    def tables(self, field):
        at = self.target(field)
        if at is None:
            return []
        places = [at + 4 + 4 * i for i in range(struct.unpack_from("<I", self.data, at)[0])]
        return [Table(self.data, place + struct.unpack_from("<I", self.data, place)[0]) for place in places]


class Field:
    def __init__(self, table):
        self.name, self.nullable = table.text(0), table.number(1, "B")
        self.type = TYPES[table.number(2, "B")]
        kind = table.table(3)
        assert table.tables(5) == [] and table.place(5) is not None, "a field has children, or no list of them"
        self.metadata = {pair.text(0): pair.text(1) for pair in table.tables(6)}
        self.unit = self.zone = self.scale = None
        if self.type == "int":
            self.width, self.code = kind.number(0, "i"), {8: "b", 16: "h", 32: "i", 64: "q"}[kind.number(0, "i")]
            self.code = self.code if kind.number(1, "B") else self.code.upper()
        elif self.type == "float":
            self.width, self.code = [(16, "e"), (32, "f"), (64, "d")][kind.number(0, "h")]
        elif self.type == "timestamp":
            self.width, self.code, self.unit, self.zone = 64, "q", UNITS[kind.number(0, "h")], kind.text(1)
        elif self.type == "decimal":
            self.precision, self.scale, self.width = (kind.number(0, "i"), kind.number(1, "i"), kind.number(2, "i", 128))
        else:
            self.width = 1

    def __str__(self):
        more = {"int": lambda: self.code, "float": lambda: self.code, "timestamp": lambda: f"{self.unit} {self.zone}",
                "decimal": lambda: f"{self.precision},{self.scale}"}.get(self.type, str)()
        metadata = " ".join(f"{key}={value}" for key, value in self.metadata.items())
        return f"{self.name}: {self.type}{' ' + more if more else ''}{' null' if self.nullable else ''} [{metadata}]"


class Stream:
    def __init__(self):
        self.fields, self.rows, self.order, self.batches, self.state = None, [], "<", [], "without an end"
        self.order_at = None


def bits(data, count):
    return [data[i >> 3] >> (i & 7) & 1 for i in range(count)]


def values(field, buffers, length, order):
    """The values of a column, without regard to NULLs."""
    if field.type == "bool":
        return [bool(bit) for bit in bits(buffers[1], length)]
    if field.type in ("utf8", "binary"):
        offsets = struct.unpack(f"{order}{length + 1}i", buffers[1])
        assert offsets[0] == 0 and offsets[-1] == len(buffers[2]), "offsets and bytes do not agree"
        found = [buffers[2][offsets[i]:offsets[i + 1]] for i in range(length)]
        return found if field.type == "binary" else [text.decode() for text in found]
    if field.type == "decimal":
        numbers = [int.from_bytes(buffers[1][16 * i:16 * i + 16], "little" if order == "<" else "big", signed=True) for i in range(length)]
        return [decimal.Decimal(n).scaleb(-field.scale, decimal.Context(prec=60)) for n in numbers]
    return list(struct.unpack(f"{order}{length}{field.code}", buffers[1]))


def read_batch(stream, table, body):
    length, nodes, places = table.number(0, "q"), table.structs(1, "qq"), table.structs(2, "qq")
    assert length > 0 and len(nodes) == len(stream.fields), "an empty batch, or one of another number of columns"
    columns, expected = [], 0
    for field, (count, nulls) in zip(stream.fields, nodes):
        buffers = []
        for _ in range(3 if field.type in ("utf8", "binary") else 2):
            offset, size = places.pop(0)
            assert offset == expected and offset % 64 == 0, "buffers do not follow each other at multiples of 64"
            expected = offset + (size + 63) // 64 * 64
            assert not any(body[offset + size:expected]), "a buffer is not filled up with zeros"
            buffers.append(body[offset:offset + size])
        assert count == length and (buffers[0] or nulls == 0), "NULLs without a validity"
        assert not buffers[0] or (len(buffers[0]) == (length + 7) // 8 and length - sum(bits(buffers[0], length)) == nulls > 0), "NULLs are miscounted"
        found = values(field, buffers, length, stream.order)
        columns.append([value if bit else None for value, bit in zip(found, bits(buffers[0], length) if buffers[0] else [1] * length)])
    assert expected == len(body) and not places, "the body has another length"
    stream.rows.extend(zip(*columns))
    stream.batches.append(length)


def read(data):
    """Of a stream that breaks off, what is whole."""
    stream, at = Stream(), 0
    while at + 8 <= len(data):
        mark, length = struct.unpack_from("<Ii", data, at)
        assert mark == 0xFFFFFFFF and at % 64 == 0, "no message begins here"
        if length == 0:
            stream.state = "ended"
            assert at + 8 == len(data), "there is something behind the end"
            break
        start = at + 8
        assert (start + length) % 64 == 0, "a body is not aligned"
        if start + length > len(data):
            break
        metadata = data[start:start + length]
        message = Table(metadata, struct.unpack_from("<I", metadata)[0])
        assert message.number(0, "h") == 4, "not version 5"
        body = message.number(3, "q")
        if start + length + body > len(data):
            break
        if message.number(1, "B") == 1:
            assert stream.fields is None and body == 0, "a second schema"
            schema = message.table(2)
            stream.order_at, stream.order = start + schema.place(0), "<>"[schema.number(0, "h")]
            stream.fields = [Field(field) for field in schema.tables(1)]
        else:
            assert message.number(1, "B") == 3 and stream.fields is not None, "no batch"
            read_batch(stream, message.table(2), data[start + length:start + length + body])
        at = start + length + body
    if at < len(data) and stream.state != "ended":
        stream.state = "broken off"
    return stream


def swapped(data):
    stream, out, at = read(data), bytearray(data), 0
    out[stream.order_at] ^= 1
    while struct.unpack_from("<i", data, at + 4)[0] != 0:
        length = struct.unpack_from("<i", data, at + 4)[0]
        metadata, start = data[at + 8:at + 8 + length], at + 8 + length
        message = Table(metadata, struct.unpack_from("<I", metadata)[0])
        places = message.table(2).structs(2, "qq") if message.number(1, "B") == 3 else []
        for field in stream.fields if places else []:
            is_text = field.type in ("utf8", "binary")
            places.pop(0)
            offset, size = places.pop(0)
            width = 4 if is_text else max(field.width // 8, 1)
            for i in range(start + offset, start + offset + size, width):
                out[i:i + width] = data[i:i + width][::-1]
            if is_text:
                places.pop(0)
        at = start + message.number(3, "q")
    return bytes(out)


def as_arrow(field, value):
    """A value of jsonl as Arrow has it."""
    if value is None:
        return None
    if field.type == "float":
        return struct.unpack(field.code, struct.pack(field.code, value))[0]
    if field.type == "decimal":
        return decimal.Decimal(value)
    if field.type == "binary" and value.startswith("\\x"):
        return bytes.fromhex(value[2:])
    if field.metadata["tdrest.type"] == "JSON":
        return json.loads(json.dumps(value))
    return value


def compare(stream, lines):
    assert len(lines) == len(stream.rows), f"{len(stream.rows)} rows, not {len(lines)}"
    for number, (row, line) in enumerate(zip(stream.rows, lines)):
        given = json.loads(line)
        assert list(given) == [field.name for field in stream.fields], "other names"
        for field, value in zip(stream.fields, row):
            if field.metadata["tdrest.type"] == "JSON" and value is not None:
                value = json.loads(value)
            expected = as_arrow(field, given[field.name])
            assert value == expected and type(value) is type(expected), f"row {number}, {field}: {value!r}, not {expected!r}"


def main(names):
    """Fields are printed of the first stream only."""
    for name, rows in zip(names[::2], names[1::2] or [None]):
        with open(name, "rb") as file:
            stream = read(file.read())
        for field in stream.fields if stream.fields and name == names[0] else []:
            print(field)
        if rows is not None:
            with open(rows, encoding="utf-8") as file:
                compare(stream, file.read().splitlines())
        print(f"{len(stream.rows)} rows, {len(stream.batches)} batches, {stream.state}")


if __name__ == "__main__":
    main(sys.argv[1:])
