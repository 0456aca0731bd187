/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Line editing by libedit. What is typed is read here, not there: so that pasted text is text, signals are seen where nothing is half done, and bytes that
 * are no UTF-8 pass whole. libedit is never given a line end, which it cannot edit.
 */
#include "shell/libedit.h"

#ifndef CLI_EDIT

cli_libedit *cli_libedit_new(FILE *out, cli_complete *complete, void *context)
{
    (void)out;
    (void)complete;
    (void)context;
    return NULL;
}

void cli_libedit_free(cli_libedit *e)
{
    (void)e;
}

enum cli_read cli_libedit_read(cli_libedit *e, const char *prompt, const char **line)
{
    (void)e;
    (void)prompt;
    (void)line;
    return CLI_READ_END;
}

size_t cli_libedit_drop_paste(cli_libedit *e)
{
    (void)e;
    return 0;
}

void cli_libedit_remember(cli_libedit *e, const char *line)
{
    (void)e;
    (void)line;
}

#else

#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "shell/listing.h"
#include "shell/queue.h"
#include "shell/wide.h"
#include "term/interrupt.h"
#include "term/terminal.h"

enum { RECALLED = 1000, PASTE_END_MS = 2000 };

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define PASTE_BEGINS "\033[200~"
#define PASTE_ENDS "\033[201~"

struct cli_libedit {
    EditLine *el;
    HistoryW *history;
    FILE *out;
    FILE *errors; /* of libedit, which nobody wants to read */
    cli_complete *complete;
    void *context;
    cli_queue queue;
    wchar_t *prompt;
    char *line;
    enum cli_event ended; /* why there was no line */
    struct termios usual;
};

static cli_libedit *of(EditLine *el)
{
    void *e = NULL;

    el_get(el, EL_CLIENTDATA, &e);
    return e;
}

static wchar_t *prompt_of(EditLine *el)
{
    return of(el)->prompt;
}

/* ---- the terminal ---- */

static void say(cli_libedit *e, const char *text)
{
    fputs(text, e->out);
    fflush(e->out);
}

/* A new size: the lines that the old text takes now are written over. */
static void redraw(cli_libedit *e)
{
    const LineInfoW *line = el_wline(e->el);
    size_t columns = cli_terminal_size(fileno(e->out)).columns, before, rows;

    before = cli_wide_width(e->prompt, wcslen(e->prompt)) + cli_wide_width(line->buffer, (size_t)(line->cursor - line->buffer));
    rows = columns == 0 ? 0 : before / columns;
    if (rows > 0)
        fprintf(e->out, "\033[%zuA", rows);
    say(e, "\r\033[J");
    el_resize(e->el);
    el_set(e->el, EL_REFRESH);
}

static void suspend(cli_libedit *e)
{
    say(e, PASTE_OFF "\n");
    el_set(e->el, EL_PREP_TERM, 0);
    cli_queue_stop();
    el_set(e->el, EL_PREP_TERM, 1);
    say(e, PASTE_ON);
    el_resize(e->el);
    el_set(e->el, EL_REFRESH);
}

/* At least one more byte is there: 1. 0: there will be none, and e->ended says why. */
static int fill(cli_libedit *e)
{
    for (;;) {
        enum cli_event event = cli_queue_wait(&e->queue, -1);

        switch (event) {
        case CLI_EVENT_INPUT: return 1;
        case CLI_EVENT_STOP: suspend(e); break;
        case CLI_EVENT_RESIZE: redraw(e); break;
        case CLI_EVENT_NONE:
        case CLI_EVENT_CONTINUE: break;
        default: e->ended = event; return 0;
        }
    }
}

/* The next character for libedit: its el_rfunc_t. */
static int read_wide(EditLine *el, wchar_t *out)
{
    cli_libedit *e = of(el);
    size_t n;

    if (cli_queue_left(&e->queue) == 0 && !fill(e))
        return e->ended == CLI_EVENT_END ? 0 : -1;
    while (cli_wide_is_cut(e->queue.bytes + e->queue.at, cli_queue_left(&e->queue)))
        if (cli_queue_wait(&e->queue, 100) != CLI_EVENT_INPUT)
            break;
    n = cli_wide_decode(e->queue.bytes + e->queue.at, cli_queue_left(&e->queue), out);
    e->queue.at += n;
    return 1;
}

/* ---- pasted text ---- */

/* Everything up to the end of the paste, or what had come when nothing more came. The bytes of its text. */
static size_t whole_paste(cli_libedit *e, size_t *with_end)
{
    size_t seen = 0, end = strlen(PASTE_ENDS);

    for (;;) {
        const char *text = e->queue.bytes + e->queue.at;
        size_t left = cli_queue_left(&e->queue);

        for (; seen + end <= left; seen++)
            if (memcmp(text + seen, PASTE_ENDS, end) == 0) {
                *with_end = seen + end;
                return seen;
            }
        if (cli_queue_wait(&e->queue, PASTE_END_MS) != CLI_EVENT_INPUT) {
            *with_end = cli_queue_left(&e->queue);
            return *with_end;
        }
    }
}

/* The rest of a paste follows in front of all else, once the line before it was taken. */
static void put_back(cli_libedit *e, size_t line, size_t text)
{
    char *bytes = e->queue.bytes + e->queue.at;
    size_t end = line + (bytes[line] == '\r' && line + 1 < text && bytes[line + 1] == '\n' ? 2 : 1);

    e->queue.at += end;
    (void)cli_queue_unread(&e->queue, PASTE_BEGINS, strlen(PASTE_BEGINS));
    (void)cli_queue_unread(&e->queue, "\n", 1);
}

/* Pasted text up to the end of a line is typed as it is, whatever keys its characters are. */
static unsigned char on_paste(EditLine *el, wint_t c)
{
    cli_libedit *e = of(el);
    size_t with_end, text = whole_paste(e, &with_end), line;
    const char *bytes = e->queue.bytes + e->queue.at;
    wchar_t *wide;

    (void)c;
    for (line = 0; line < text && bytes[line] != '\n' && bytes[line] != '\r'; line++)
        ;
    wide = cli_wide_new(bytes, line);
    if (wide != NULL && *wide != L'\0')
        el_winsertstr(el, wide);
    free(wide);
    if (line < text)
        put_back(e, line, text);
    else
        e->queue.at += with_end;
    return CC_REFRESH;
}

/* What put_back has left in front. */
size_t cli_libedit_drop_paste(cli_libedit *e)
{
    size_t with_end, text, lines = 0, at;

    if (cli_queue_left(&e->queue) < strlen(PASTE_BEGINS) || memcmp(e->queue.bytes + e->queue.at, PASTE_BEGINS, strlen(PASTE_BEGINS)) != 0)
        return 0;
    e->queue.at += strlen(PASTE_BEGINS);
    text = whole_paste(e, &with_end);
    for (at = 0; at < text; at++)
        lines += e->queue.bytes[e->queue.at + at] == '\n' || (e->queue.bytes[e->queue.at + at] == '\r' && (at + 1 == text || e->queue.bytes[e->queue.at + at + 1] != '\n'));
    lines += text > 0 && e->queue.bytes[e->queue.at + text - 1] != '\n' && e->queue.bytes[e->queue.at + text - 1] != '\r';
    e->queue.at += with_end;
    return lines;
}

/* ---- completion ---- */

static unsigned char choose(cli_libedit *e, const cli_choices *choices, size_t typed, size_t typed_wide)
{
    size_t common = cli_listing_common(choices);
    const char *word = choices->words[0];
    wchar_t *wide;

    if (choices->count > 1 && common <= typed) {
        say(e, "\n");
        cli_listing_put(e->out, choices, cli_terminal_size(fileno(e->out)));
        return CC_REDISPLAY;
    }
    wide = cli_wide_new(word, common);
    if (wide == NULL)
        return CC_ERROR;
    el_deletestr(e->el, (int)typed_wide);
    el_winsertstr(e->el, wide);
    if (choices->count == 1 && !choices->open)
        el_winsertstr(e->el, L" ");
    free(wide);
    return CC_REFRESH;
}

/* TAB. With more input behind it nobody pressed it: it is text. */
static unsigned char on_tab(EditLine *el, wint_t c)
{
    cli_libedit *e = of(el);
    const LineInfoW *line = el_wline(el);
    cli_choices choices = {.count = 0};
    unsigned char done = CC_ERROR;
    size_t cursor, typed, typed_wide = 0;
    char *text, *start;

    (void)c;
    if (cli_queue_left(&e->queue) > 0 || cli_queue_wait(&e->queue, 0) == CLI_EVENT_INPUT)
        return el_winsertstr(el, L"\t") == 0 ? CC_REFRESH : CC_ERROR;
    text = cli_wide_text(line->buffer, (size_t)(line->lastchar - line->buffer));
    start = cli_wide_text(line->buffer, (size_t)(line->cursor - line->buffer));
    cursor = start == NULL ? 0 : strlen(start);
    free(start);
    if (text == NULL)
        return CC_ERROR;
    e->complete(e->context, text, cursor, &choices); /* Ctrl-C meanwhile is heard when the next key is waited for */
    for (typed = cursor - choices.from; typed > 0; typed--)
        typed_wide += ((unsigned char)text[cursor - typed] & 0xC0) != 0x80;
    if (choices.count > 0)
        done = choose(e, &choices, cursor - choices.from, typed_wide);
    cli_choices_clear(&choices);
    free(text);
    return done;
}

/* ---- all of it ---- */

/* Keys that people have in their fingers; their ~/.editrc comes later and wins. */
static void bind_keys(EditLine *el)
{
    static const wchar_t *const keys[][2] = {
        {L"\\e[200~", L"tdrest-paste"},        {L"\t", L"tdrest-complete"},         {L"^R", L"em-inc-search-prev"},    {L"^W", L"ed-delete-prev-word"},
        {L"^U", L"vi-kill-line-prev"},       {L"\\e[H", L"ed-move-to-beg"},       {L"\\e[F", L"ed-move-to-end"},     {L"\\e[1~", L"ed-move-to-beg"},
        {L"\\e[4~", L"ed-move-to-end"},      {L"\\eOH", L"ed-move-to-beg"},       {L"\\eOF", L"ed-move-to-end"},     {L"\\e[3~", L"ed-delete-next-char"},
        {L"\\e[1;5D", L"ed-prev-word"},      {L"\\e[1;5C", L"em-next-word"},      {L"\\eb", L"ed-prev-word"},        {L"\\ef", L"em-next-word"},
    };
    size_t i;

    el_wset(el, EL_ADDFN, L"tdrest-paste", L"Insert pasted text", on_paste);
    el_wset(el, EL_ADDFN, L"tdrest-complete", L"Complete the word at the cursor", on_tab);
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
        el_wset(el, EL_BIND, keys[i][0], keys[i][1], (const wchar_t *)NULL);
}

/* libedit writes characters by the C library's rules; only LC_CTYPE is ever set, so that numbers stay as they are. */
static int has_utf8(void)
{
    if (setlocale(LC_CTYPE, "") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
        return 1;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int moves_cursor(EditLine *el)
{
    const char *term = getenv("TERM");
    char *clears = NULL;

    return term != NULL && strcmp(term, "dumb") != 0 && el_get(el, EL_GETTC, "ce", &clears) == 0 && clears != NULL && *clears != '\0';
}

static int open_all(cli_libedit *e)
{
    HistEventW event;
    int mode = 1;

    e->errors = fopen("/dev/null", "w");
    e->history = history_winit();
    e->el = e->errors == NULL || e->history == NULL ? NULL : el_init("tdrest", stdin, e->out, e->errors);
    if (e->el == NULL || !moves_cursor(e->el) || tcgetattr(STDIN_FILENO, &e->usual) < 0)
        return 0;
    history_w(e->history, &event, H_SETSIZE, RECALLED);
    history_w(e->history, &event, H_SETUNIQUE, 1);
    el_set(e->el, EL_CLIENTDATA, e);
    el_set(e->el, EL_SIGNAL, 0);
    el_wset(e->el, EL_PROMPT, prompt_of);
    el_wset(e->el, EL_HIST, history_w, e->history);
    el_wset(e->el, EL_EDITOR, L"emacs");
    el_wset(e->el, EL_GETCFN, read_wide);
    bind_keys(e->el);
    el_source(e->el, NULL);
    return el_get(e->el, EL_EDITMODE, &mode) == 0 && mode != 0;
}

cli_libedit *cli_libedit_new(FILE *out, cli_complete *complete, void *context)
{
    cli_libedit *e = calloc(1, sizeof *e);

    if (e == NULL)
        return NULL;
    e->out = out;
    e->complete = complete;
    e->context = context;
    if (has_utf8() && open_all(e))
        return e;
    cli_libedit_free(e);
    return NULL;
}

void cli_libedit_free(cli_libedit *e)
{
    if (e == NULL)
        return;
    if (e->el != NULL)
        el_end(e->el);
    if (e->history != NULL)
        history_wend(e->history);
    if (e->errors != NULL)
        fclose(e->errors);
    cli_queue_clear(&e->queue);
    free(e->prompt);
    free(e->line);
    free(e);
}

static const wchar_t *edit(cli_libedit *e, int *count)
{
    const wchar_t *wide;

    cli_interrupt_restores(STDIN_FILENO, &e->usual);
    cli_interrupt_says(PASTE_OFF "\n");
    el_set(e->el, EL_PREP_TERM, 1); /* before the prompt is seen: what is typed from then on is not for the terminal to show */
    say(e, PASTE_ON);
    wide = el_wgets(e->el, count);
    say(e, PASTE_OFF);
    cli_interrupt_says(NULL);
    cli_interrupt_restores(STDIN_FILENO, NULL);
    return wide;
}

enum cli_read cli_libedit_read(cli_libedit *e, const char *prompt, const char **line)
{
    const wchar_t *wide;
    int count = 0;

    free(e->prompt);
    e->prompt = cli_wide_new(prompt, strlen(prompt));
    e->ended = CLI_EVENT_NONE;
    if (e->prompt == NULL)
        return CLI_READ_FAILED;
    wide = edit(e, &count);
    if ((wide == NULL || count <= 0) && (cli_interrupted() || e->ended == CLI_EVENT_INTERRUPT)) {
        e->queue.at = e->queue.len;
        return CLI_READ_INTERRUPTED;
    }
    if (e->ended == CLI_EVENT_FAILED)
        return CLI_READ_FAILED;
    if (wide == NULL || count <= 0)
        return CLI_READ_END;
    while (count > 0 && (wide[count - 1] == L'\n' || wide[count - 1] == L'\r'))
        count--;
    free(e->line);
    e->line = cli_wide_text(wide, (size_t)count);
    *line = e->line;
    return e->line == NULL ? CLI_READ_FAILED : CLI_READ_LINE;
}

void cli_libedit_remember(cli_libedit *e, const char *line)
{
    wchar_t *wide = cli_wide_new(line, strlen(line));
    HistEventW event;

    if (wide != NULL && *wide != L'\0')
        history_w(e->history, &event, H_ENTER, wide);
    free(wide);
}

#endif
