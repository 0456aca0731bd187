/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Records of tsv, with the escapes of PostgreSQL's COPY; quotes mean nothing. Knows nothing of columns. */
#include <string.h>

#include "import/records.h"

/* What an escape stands for; *used: its bytes behind the backslash. -1: there is no such escape. */
static int unescape(const char *text, size_t len, size_t *used)
{
    static const char letters[] = "btnvfr"; /* 8 to 13 */
    const char *at;

    *used = 1;
    if (len == 0)
        return -1;
    if (text[0] == '\\')
        return '\\';
    if (text[0] == 'x' && len >= 3 && cli_hex_digit(text[1]) >= 0 && cli_hex_digit(text[2]) >= 0) {
        *used = 3;
        return cli_hex_digit(text[1]) * 16 + cli_hex_digit(text[2]);
    }
    at = text[0] == '\0' ? NULL : strchr(letters, text[0]);
    return at == NULL ? -1 : (int)(at - letters) + 8;
}

/* Resolves the escapes of a field that has some. 1; 0: one is unknown. */
static int resolve(cli_text *made, cli_field *field)
{
    size_t i = 0, at = made->len, used;

    if (field->len == 2 && memcmp(field->text, "\\N", 2) == 0) {
        field->kind = CLI_FIELD_NULL;
        return 1;
    }
    while (i < field->len) {
        const char *slash = memchr(field->text + i, '\\', field->len - i);
        size_t run = slash == NULL ? field->len - i : (size_t)(slash - field->text) - i;
        int c;

        cli_text_put(made, field->text + i, run);
        i += run;
        if (slash == NULL)
            break;
        c = unescape(field->text + i + 1, field->len - i - 1, &used);
        if (c < 0)
            return 0;
        cli_text_char(made, (char)c);
        i += 1 + used;
    }
    field->kind = CLI_FIELD_TEXT;
    field->made = 1;
    field->at = at;
    field->len = made->len - at;
    return 1;
}

int cli_tsv_look(cli_records *r, const char *text, size_t len, int ended)
{
    const char *end = memchr(text, '\n', len), *tab;
    size_t line = end == NULL ? len : (size_t)(end - text), pos = 0;

    if (end == NULL && !ended)
        return CLI_LOOK_MORE;
    cli_records_found(r, line + (end != NULL));
    if (line > 0 && text[line - 1] == '\r')
        line--;
    for (;;) {
        cli_field *field = cli_records_add(r);

        if (field == NULL)
            return cli_records_bad(r, "out of memory", 0);
        tab = memchr(text + pos, '\t', line - pos);
        field->text = text + pos;
        field->len = tab == NULL ? line - pos : (size_t)(tab - text) - pos;
        if (memchr(field->text, '\\', field->len) != NULL && !resolve(&r->made, field))
            return cli_records_bad(r, "an unknown escape; expected \\b \\t \\n \\v \\f \\r \\\\ \\xHH or, alone in its field, \\N", 0);
        if (tab == NULL)
            return CLI_LOOK_FOUND;
        pos = (size_t)(tab - text) + 1;
    }
}
