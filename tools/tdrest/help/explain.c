/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a server's error code means. Asks no server: the list is compiled in. */
#include "help/explain.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "term/report.h"

typedef struct row {
    uint16_t code;
    uint8_t cls;
    uint8_t repeat;
    const char *name;
    const char *message;
} row;

static const row table[] = {
#define X(code, cls, repeat, name, message) {code, TDREST_CLASS_##cls, TDREST_REPEAT_##repeat, name, message},
#include "help/explain_table.inc"
#undef X
};

/* 1 when the text is a number of at most 32 bits; servers' logs have the code with the upper half 0x8000. */
static int read_code(const char *text, unsigned *code)
{
    unsigned base = 10;
    uint64_t value = 0;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == '\0')
        return 0;
    for (; *text != '\0'; text++) {
        const char *digits = "0123456789abcdefABCDEF", *at = strchr(digits, *text);
        unsigned digit = at == NULL ? base : (unsigned)(at - digits) - (at - digits > 15 ? 6 : 0);

        value = value * base + digit;
        if (digit >= base || value > UINT32_MAX)
            return 0;
    }
    *code = (unsigned)value;
    return value <= 0xFFFF || value >> 16 == 0x8000;
}

static void put_line(cli_output *out, const char *label, const char *text)
{
    cli_output_put(out, label, strlen(label));
    cli_output_put(out, text, strlen(text));
    cli_output_char(out, '\n');
}

static void put_row(cli_output *out, const row *r)
{
    static const char *const repeats[] = {"no", "only where running it twice does no harm",
                                          "yes; of what several nodes write, only where running it twice does no harm"};
    char code[16];

    snprintf(code, sizeof code, "0x%04X ", r->code);
    put_line(out, code, r->name);
    if (r->message[0] != '\0')
        put_line(out, "message: ", r->message);
    put_line(out, "class:   ", tdrest_class_name(r->cls));
    put_line(out, "repeat:  ", repeats[r->repeat]);
}

int cli_explain(cli_output *out, const char *text)
{
    size_t i;
    unsigned code;
    int found = 0;

    if (!read_code(text, &code))
        return cli_usage("'%s' is not a code: expected 0x and hexadecimal digits up to 0xFFFF, or a decimal number", text);
    for (i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].code != (code & 0xFFFF))
            continue;
        put_row(out, &table[i]);
        found = 1;
    }
    return found ? CLI_OK : cli_usage("no server code 0x%04X is known", code & 0xFFFF);
}
