/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Who asks: the Authorization header, and what the server makes of a user and a password. Knows no endpoint. */
#include "../base/bounds.h"
#include "../store/store.h"
#include "exchange.h"

#include <string.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

sbx_text sbx_base64_encode(sbx_arena *arena, sbx_text bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    char *out = sbx_alloc(arena, (bytes.len + 2) / 3 * 4 + 1);
    size_t i, k, len = 0;

    for (i = 0; i < bytes.len; i += 3) {
        size_t have = bytes.len - i < 3 ? bytes.len - i : 3;
        unsigned three = (unsigned)p[i] << 16 | (have > 1 ? (unsigned)p[i + 1] << 8 : 0) | (have > 2 ? p[i + 2] : 0u);

        for (k = 0; k < 4; k++)
            out[len++] = k <= have ? ALPHABET[three >> (18 - 6 * k) & 63] : '=';
    }
    return (sbx_text){out, len};
}

/* Line ends within are passed over, as Go does. */
static size_t skip_line_ends(sbx_text text, size_t i)
{
    while (i < text.len && (text.p[i] == '\r' || text.p[i] == '\n'))
        i++;
    return i;
}

/* The end behind the first `=` of a group that holds so many characters: nothing but a second one may follow. */
static int padding(sbx_text text, size_t i, size_t have, size_t *at)
{
    if (have < 2) {
        *at = i;
        return 0;
    }
    i = skip_line_ends(text, i + 1);
    if (have == 2) {
        if (i == text.len || text.p[i] != '=') {
            *at = i;
            return 0;
        }
        i = skip_line_ends(text, i + 1);
    }
    *at = i;
    return i == text.len;
}

int sbx_base64_decode(sbx_arena *arena, sbx_text text, sbx_text *out, size_t *at)
{
    char *bytes = sbx_alloc(arena, text.len + 1);
    size_t i, have = 0, len = 0;
    unsigned group = 0;

    for (i = skip_line_ends(text, 0); i < text.len; i = skip_line_ends(text, i + 1)) {
        const char *found = memchr(ALPHABET, text.p[i], sizeof ALPHABET - 1);

        if (text.p[i] == '=' && padding(text, i, have, at))
            break;
        if (text.p[i] == '=')
            return 0;
        *at = i;
        if (found == NULL)
            return 0;
        group = group << 6 | (unsigned)(found - ALPHABET);
        if (++have < 4)
            continue;
        bytes[len++] = (char)(group >> 16);
        bytes[len++] = (char)(group >> 8);
        bytes[len++] = (char)group;
        have = 0;
        group = 0;
    }
    *at = text.len - have;
    if (have != 0 && i >= text.len) /* ends without padding */
        return 0;
    if (have >= 2)
        bytes[len++] = (char)(have == 2 ? group >> 4 : group >> 10);
    if (have == 3)
        bytes[len++] = (char)(group >> 2);
    *out = (sbx_text){bytes, len};
    return 1;
}

int sbx_login_of_basic(sbx_arena *arena, sbx_text encoded, sbx_login *login, sbx_text *why)
{
    sbx_text plain;
    const char *colon;
    size_t at = 0;

    if (!sbx_base64_decode(arena, encoded, &plain, &at)) {
        *why = sbx_format(arena, "illegal base64 data at input byte %zu", at);
        return 0;
    }
    colon = plain.len == 0 ? NULL : memchr(plain.p, ':', plain.len);
    if (colon == NULL) {
        *why = SBX_TEXT("wrong basic auth");
        return 0;
    }
    login->user = (sbx_text){plain.p, (size_t)(colon - plain.p)};
    login->password = (sbx_text){colon + 1, plain.len - login->user.len - 1};
    return 1;
}

static int is_whole(const sbx_login *login)
{
    return login->user.len != 0 && login->password.len != 0;
}

int sbx_login_of_header(sbx_arena *arena, sbx_text header, int has_token_parameter, sbx_login *login, const char **desc)
{
    sbx_text text = sbx_trim(header), rest = {"", 0}, why;

    if (header.len == 0) {
        *desc = "no auth info input";
        return 0x1105;
    }
    if (text.len > 6) /* behind a word of five letters and a blank */
        rest = (sbx_text){text.p + 6, text.len - 6};
    if (sbx_text_begins(text, "Basic ")) {
        *desc = "invalid basic Authorization";
        return sbx_login_of_basic(arena, rest, login, &why) && is_whole(login) ? 0 : 0x1124;
    }
    if (sbx_text_begins(text, "Taosd ")) {
        *desc = "invalid taosd Authorization";
        return sbx_token_login(arena, rest, login) ? 0 : 0x1125;
    }
    if (sbx_text_begins(text, "Bearer ") && !has_token_parameter) {
        login->bearer = 1;
        return 0;
    }
    *desc = "invalid type of Authorization";
    return 0x1122;
}

int sbx_login_check(const sbx_login *login, sbx_request *request)
{
    sbx_user user;
    int found;

    if (login->bearer)
        return sbx_fail(request, 0x0351, "Invalid user");
    if (login->user.len > SBX_MAX_USER)
        return sbx_fail(request, 0x0207, "Invalid user name");
    if (login->password.len > SBX_MAX_PASSWORD)
        return sbx_fail(request, 0x0208, "Invalid password length");
    if (sbx_store_user(request, login->user, &user, &found) != 0)
        return request->err.code;
    if (!found)
        return sbx_fail(request, 0x0351, "Invalid user");
    if (!user.enabled)
        return sbx_fail(request, 0x0315, "User is disabled");
    if (!sbx_text_equal(login->password, user.password))
        return sbx_fail(request, 0x0357, "Authentication failure");
    return 0;
}
