/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Names with several addresses. libcurl gives the first of them a part of the connect timeout, and 7.88 wakes nobody when that is over: while an
 * exchange connects, libcurl is asked several times within the limit whether it is time for the next address.
 */
#define CURL_DISABLE_DEPRECATION /* of curl_multi_socket_all */
#include "net/curl_net.h"

enum { CONNECT_LOOKS = 8, SHORTEST_LOOK_MS = 10 };

int64_t tdri_exchange_look_ms(const tdri_exchange *x)
{
    int connects = x->active && x->connect_ms > 0 && !x->departed && x->sent == 0 && !x->answered;

    return connects ? x->connect_ms / CONNECT_LOOKS + SHORTEST_LOOK_MS : INT64_MAX;
}

/* Within the time of one look, or never. */
static void look_again(tdri_loop *loop, int64_t ms)
{
    int64_t at = ms == INT64_MAX ? INT64_MAX : tdri_now_ms() + ms;

    if (at < loop->look_ms)
        loop->look_ms = at;
}

void tdri_exchange_note_opened(tdri_exchange *x, curl_socket_t opened)
{
    x->opened = opened;
    if (x->loop->watch != NULL)
        look_again(x->loop, tdri_exchange_look_ms(x));
}

/* curl_multi_socket_action runs a transfer for its socket or its timer only; one between two addresses may have neither. */
void tdri_loop_look(tdri_loop *loop)
{
    int running, connect = 0;

    if (loop->look_ms > tdri_now_ms())
        return;
    loop->look_ms = INT64_MAX;
    for (const tdri_exchange *x = loop->exchanges; x != NULL; x = x->next)
        if (x->opened != CURL_SOCKET_BAD && tdri_exchange_look_ms(x) != INT64_MAX) {
            look_again(loop, tdri_exchange_look_ms(x));
            connect = 1;
        }
    if (connect)
        (void)curl_multi_socket_all(loop->multi, &running);
}
