#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
"""Makes an SVG picture of what a terminal shows: text with colors on standard input, the picture on standard output.

    screen.py [--columns N] [--dark | --light]

Without a theme the picture follows the reader's preference. Knows the few sequences that tdrest writes: bold, dim, 256 colors.
"""
import argparse
import re
import unicodedata
from xml.sax.saxutils import escape

CELL, LINE, PAD = 8.4, 18, 14
LIGHT = {"back": "#ffffff", "ink": "#24292f", "frame": "#d0d7de"}
DARK = {"back": "#0d1117", "ink": "#e6edf3", "frame": "#30363d"}


def xterm(number):
    """The color of a number of the 256, as most terminals have it."""
    if number >= 232:
        return "#{0:02x}{0:02x}{0:02x}".format(8 + 10 * (number - 232))
    levels = (0, 95, 135, 175, 215, 255)
    number -= 16
    return "#%02x%02x%02x" % (levels[number // 36], levels[number // 6 % 6], levels[number % 6])


def width(char):
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def runs(line):
    """Pieces of one look: (style, text)."""
    style = {}
    for part in re.split(r"(\033\[[0-9;]*m)", line):
        found = re.fullmatch(r"\033\[([0-9;]*)m", part)
        if not found:
            if part:
                yield dict(style), part
            continue
        codes = [int(code or 0) for code in found.group(1).split(";")]
        if codes[0] == 0:
            style = {}
        elif codes[0] == 1:
            style["bold"] = True
            if 31 in codes:
                style["color"] = "#cf222e"
        elif codes[0] == 2:
            style["dim"] = True
        elif codes[:2] == [38, 5]:
            style["color"] = xterm(codes[2])


def wrapped(line, columns):
    """The line as the terminal breaks it."""
    at, out, escape_at = 0, "", False
    for char in line:
        if char == "\033":
            escape_at = True
        cells = 0 if escape_at else width(char)
        if at + cells > columns:
            yield out
            at, out = 0, ""
        at += cells
        out += char
        escape_at = escape_at and char != "m"
    yield out


def theme_css(theme):
    return ".back{fill:%(back)s;stroke:%(frame)s}.ink{fill:%(ink)s}" % theme


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--columns", type=int, default=80)
    args.add_argument("--dark", action="store_true")
    args.add_argument("--light", action="store_true")
    args = args.parse_args()
    with open(0, encoding="utf-8", newline="\n") as stream:
        lines = [part for line in stream.read().replace("\r", "").rstrip("\n").split("\n") for part in wrapped(line, args.columns)]
    across, down = args.columns * CELL + 2 * PAD, len(lines) * LINE + 2 * PAD
    print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img"'
          ' font-family="ui-monospace,\'DejaVu Sans Mono\',Menlo,Consolas,monospace" font-size="14">' % (across, down, across, down))
    print("<style>%s" % theme_css(DARK if args.dark else LIGHT))
    if not args.dark and not args.light:
        print("@media (prefers-color-scheme:dark){%s}" % theme_css(DARK))
    print(".bold{font-weight:700}.dim{opacity:.6}text{white-space:pre}</style>")
    print('<rect class="back" x="0.5" y="0.5" width="%.0f" height="%.0f" rx="6"/>' % (across - 1, down - 1))
    for number, line in enumerate(lines):
        at = 0
        for style, text in runs(line):
            cells = sum(width(char) for char in text)
            if text.strip():
                looks = " ".join(["ink"] + [name for name in ("bold", "dim") if style.get(name)])
                fill = ' style="fill:%s"' % style["color"] if "color" in style else ""
                print('<text class="%s"%s x="%.1f" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs" xml:space="preserve">%s</text>'
                      % (looks, fill, PAD + at * CELL, PAD + (number + 1) * LINE - 5, cells * CELL, escape(text)))
            at += cells
    print("</svg>")


main()
