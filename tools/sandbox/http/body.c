/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Replies: the JSON of a statement's answer, of errors, and the plain ones. */
#include "../base/bounds.h"
#include "exchange.h"

static const char JSON[] = "application/json; charset=utf-8";

void sbx_reply_empty(sbx_reply *reply, int status)
{
    reply->status = status;
}

void sbx_reply_text(sbx_reply *reply, int status, const char *type, const char *text)
{
    reply->status = status;
    reply->type = type;
    sbx_buf_text(&reply->body, text);
}

void sbx_reply_error(sbx_exchange *exchange, int status, int code, sbx_text desc)
{
    sbx_buf *body = &exchange->reply.body;

    exchange->code = code;
    exchange->reply.status = status;
    exchange->reply.type = JSON;
    sbx_buf_format(body, "{\"code\":%d,\"desc\":", code);
    sbx_json_desc(body, desc);
    sbx_buf_format(body, ",\"timing\":%lld}", (long long)(sbx_monotonic_ns() - exchange->began_ns));
}

static void add_name(sbx_buf *out, const sbx_field *field)
{
    sbx_text name = field->name;

    if (name.len > SBX_MAX_COLUMN_NAME)
        name.len = SBX_MAX_COLUMN_NAME;
    sbx_json_string(out, name);
}

static void add_row(sbx_buf *out, const sbx_answer *answer, const sbx_value *row, int objects, const sbx_zone *zone)
{
    sbx_buf_char(out, objects ? '{' : '[');
    for (size_t i = 0; i < answer->field_count; i++) {
        if (i != 0)
            sbx_buf_char(out, ',');
        if (objects) {
            add_name(out, &answer->fields[i]);
            sbx_buf_char(out, ':');
        }
        sbx_value_json(out, &row[i], zone);
    }
    sbx_buf_char(out, objects ? '}' : ']');
}

static void add_rows(sbx_buf *out, sbx_arena *arena, const sbx_answer *answer, int objects, const sbx_zone *zone)
{
    for (size_t i = 0; i < answer->field_count; i++) {
        sbx_text type = sbx_type_name(arena, &answer->fields[i].type);

        sbx_buf_text(out, i == 0 ? "[" : ",[");
        add_name(out, &answer->fields[i]);
        sbx_buf_format(out, ",\"%.*s\",%d]", (int)type.len, type.p, answer->fields[i].type.length);
    }
    sbx_buf_text(out, "],\"data\":[");
    for (size_t i = 0; i < answer->row_count; i++) {
        if (i != 0)
            sbx_buf_char(out, ',');
        add_row(out, answer, answer->rows[i], objects, zone);
    }
    sbx_buf_format(out, "],\"rows\":%zu", answer->row_count);
}

void sbx_body_answer(sbx_buf *out, sbx_arena *arena, const sbx_answer *answer, int objects, const sbx_zone *zone)
{
    long long affected = (long long)answer->affected;

    sbx_buf_text(out, "{\"code\":0,\"column_meta\":[");
    if (answer->field_count != 0)
        add_rows(out, arena, answer, objects, zone);
    else
        sbx_buf_format(out, objects ? "[\"affected_rows\",\"INT\",4]],\"data\":[{\"affected_rows\":%lld}],\"rows\":1"
                                    : "[\"affected_rows\",\"INT\",4]],\"data\":[[%lld]],\"rows\":1", affected);
}
