/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Texts and names written as SQL into a caller's buffer. The rules are sql/literal's. */
#include "sql/literal.h"

#include "base/text.h"

static void set_neutral(char *out, size_t cap, size_t *needed)
{
    if (cap > 0)
        out[0] = '\0';
    if (needed != NULL)
        *needed = 0;
}

/* Tells the length; 1 when there is room for it and a NUL. */
static int fits(size_t total, size_t cap, size_t *needed)
{
    if (needed != NULL)
        *needed = total;
    return cap > total;
}

int tdrest_quote_literal(const char *text, size_t len, char *out, size_t cap, size_t *needed)
{
    const char *expected;
    size_t total;

    set_neutral(out, cap, needed);
    if (text == NULL)
        return TDREST_EUSAGE;
    len = tdri_text_len(text, len);
    total = tdri_text_measure(text, len, &expected);
    if (expected != NULL)
        return TDREST_EBIND;
    if (!fits(total, cap, needed))
        return TDREST_ERANGE;
    *tdri_text_put(out, text, len, total) = '\0';
    return TDREST_OK;
}

int tdrest_quote_ident(const char *name, size_t len, char *out, size_t cap, size_t *needed)
{
    set_neutral(out, cap, needed);
    if (name == NULL)
        return TDREST_EUSAGE;
    len = tdri_text_len(name, len);
    if (tdri_name_check(TDRI_NAME_ANY, name, len) != NULL)
        return TDREST_EBIND;
    if (!fits(tdri_name_measure(name, len), cap, needed))
        return TDREST_ERANGE;
    *tdri_name_put(out, name, len) = '\0';
    return TDREST_OK;
}
