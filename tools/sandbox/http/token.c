/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The token of /rest/login: 24 bytes of user and at least 24 of password, padded with NULs to whole blocks, each block encrypted by
 * itself, all of it in base64.
 */
#include "exchange.h"

#include <string.h>

enum { BLOCK = 8 };

static void each_block(unsigned char *bytes, size_t len, uint64_t (*change)(uint64_t))
{
    size_t at, i;

    for (at = 0; at < len; at += BLOCK) {
        uint64_t block = 0;

        for (i = 0; i < BLOCK; i++)
            block = block << 8 | bytes[at + i];
        block = change(block);
        for (i = 0; i < BLOCK; i++)
            bytes[at + i] = (unsigned char)(block >> (56 - 8 * i));
    }
}

sbx_text sbx_token_of(sbx_arena *arena, const sbx_login *login)
{
    size_t behind = login->password.len < 24 ? 24 : (login->password.len + BLOCK - 1) / BLOCK * BLOCK;
    size_t len = SBX_TOKEN_USER_BYTES + behind;
    char *bytes = sbx_alloc(arena, len);

    memcpy(bytes, login->user.p, login->user.len);
    memcpy(bytes + SBX_TOKEN_USER_BYTES, login->password.p, login->password.len);
    each_block((unsigned char *)bytes, len, sbx_des_encrypt);
    return sbx_base64_encode(arena, (sbx_text){bytes, len});
}

static sbx_text to_nul(const char *p, size_t most)
{
    const char *end = memchr(p, '\0', most);

    return (sbx_text){p, end == NULL ? most : (size_t)(end - p)};
}

int sbx_token_login(sbx_arena *arena, sbx_text token, sbx_login *login)
{
    sbx_text coded, plain;
    size_t at;

    if (!sbx_base64_decode(arena, token, &coded, &at) || coded.len < 48 || coded.len % BLOCK != 0)
        return 0;
    plain = sbx_copy(arena, coded.p, coded.len);
    each_block((unsigned char *)plain.p, plain.len, sbx_des_decrypt);
    login->user = to_nul(plain.p, SBX_TOKEN_USER_BYTES);
    login->password = to_nul(plain.p + SBX_TOKEN_USER_BYTES, plain.len - SBX_TOKEN_USER_BYTES);
    return login->user.len != 0 && login->password.len != 0;
}
