/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Plays a person at a terminal: runs a program on one and follows a script from standard input.
 *
 *     tdrt-pty COLUMNS ROWS PROGRAM [ARGUMENT ...] <SCRIPT
 *
 * One step a line; TEXT may have <ESC> <TAB> <CR> <NL> <^C> and bytes such as <xFF> in it:
 *
 *     send TEXT       types it
 *     line TEXT       types it and Enter
 *     wait TEXT       until it was written, behind what the last wait found; a minute at most. `seen` is what was written up to its end
 *     press KEY TEXT  types the key every fifth of a second until TEXT is written, as wait sees it
 *     seen TEXT       fails unless it is there, and
 *     unseen TEXT     if it is
 *     raw TEXT        as wait, with the terminal's sequences, bells and carriage returns, which the others leave out
 *     size COLUMNS ROWS
 *     signal NUMBER   to the program
 *     run COMMAND     fails unless a shell ends it with 0
 *     taken           until the shell has taken the line: the terminal edits lines again
 *     modes           fails unless the terminal echoes and edits lines, as at the start
 *     end STATUS      waits for the program's end
 *     all             waits for the program's end, prints all that was written without carriage returns, and ends with the program's status
 *
 * A line that begins with # is none. Exit status: 0 all was as expected, 1 not, and told, 2 usage.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 24, REST_MS = 5000 };

static int limit_ms;

static struct {
    char *raw; /* all that was written */
    size_t len;
    char *plain; /* the same without sequences and carriage returns */
    size_t plain_len;
    size_t parsed; /* of raw */
    size_t raw_from, from, seen_from;
    int master, status, ended, line;
    pid_t pid;
    struct termios usual;
} p;

static void finish(int status)
{
    if (p.pid > 0 && !p.ended) {
        kill(-p.pid, SIGKILL);
        kill(p.pid, SIGKILL);
        waitpid(p.pid, NULL, 0);
    }
    exit(status);
}

static void fail(const char *what, const char *text)
{
    size_t i = p.len > 1500 ? p.len - 1500 : 0;

    printf("line %d: %s%s\nthe last that was written:\n", p.line, what, text);
    for (; i < p.len; i++) {
        unsigned char c = (unsigned char)p.raw[i];

        if (c == '\033')
            fputs("\\e", stdout);
        else if (c != '\r' && (c >= 32 || c == '\n'))
            putchar(c);
    }
    puts("<");
    finish(1);
}

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* The bytes of a sequence at the head of text; 0: more must come first. */
static size_t sequence(const char *text, size_t len)
{
    size_t i = 2;

    if (len < 2)
        return 0;
    if (text[1] != '[')
        return 2;
    while (i < len && text[i] >= 0x20 && text[i] < 0x40)
        i++;
    return i < len ? i + 1 : 0;
}

static void parse(void)
{
    while (p.parsed < p.len) {
        char c = p.raw[p.parsed];

        if (c == '\033') {
            size_t n = sequence(p.raw + p.parsed, p.len - p.parsed);

            if (n == 0)
                return;
            p.parsed += n;
            continue;
        }
        if (c != '\r' && c != '\a')
            p.plain[p.plain_len++] = c;
        p.parsed++;
    }
}

/* Reads what is there, waiting for it up to a time. 0: nothing came, or nothing will come any more. */
static int listen_until(long long due)
{
    struct pollfd fd = {.fd = p.master, .events = POLLIN};
    long long left = due - now_ms();
    ssize_t n;

    if (poll(&fd, 1, left < 0 ? 0 : (int)left) <= 0 || p.len + 65536 > MOST)
        return 0;
    n = read(p.master, p.raw + p.len, 65536);
    if (n <= 0)
        return 0;
    p.len += (size_t)n;
    parse();
    return 1;
}

static char *find(char *text, size_t len, size_t from, const char *part, size_t part_len)
{
    for (; from + part_len <= len; from++)
        if (memcmp(text + from, part, part_len) == 0)
            return text + from;
    return NULL;
}

/* A program that writes while nobody reads would block: reads meanwhile. */
static void type(const char *text, size_t len)
{
    long long due = now_ms() + limit_ms;

    while (len > 0) {
        ssize_t n = write(p.master, text, len > 512 ? 512 : len);

        if (n < 0 && errno != EAGAIN && errno != EINTR)
            fail("nobody reads what is typed", "");
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
        listen_until(n > 0 ? 0 : now_ms() + 20);
        if (now_ms() > due)
            fail("nobody reads what is typed", "");
    }
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

/* One byte that stands between < and >; -1: none. */
static int named_byte(const char *text, size_t *len)
{
    static const struct {
        const char *name;
        int byte;
    } names[] = {{"<ESC>", 27}, {"<TAB>", '\t'}, {"<CR>", '\r'}, {"<NL>", '\n'}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncmp(text, names[i].name, *len = strlen(names[i].name)) == 0)
            return names[i].byte;
    *len = 4;
    if (text[1] == '^' && text[2] != '\0' && text[3] == '>')
        return text[2] & 31;
    *len = 5;
    return text[1] == 'x' && strspn(text + 2, "0123456789ABCDEF") == 2 && text[4] == '>' ? hex(text[2]) << 4 | hex(text[3]) : -1;
}

static size_t unescape(char *text)
{
    char *to = text, *start = text;
    size_t len;

    while (*text != '\0') {
        int byte = *text == '<' ? named_byte(text, &len) : -1;

        *to++ = byte < 0 ? *text : (char)byte;
        text += byte < 0 ? 1 : len;
    }
    *to = '\0';
    return (size_t)(to - start);
}

static void wait_for(const char *part, size_t part_len, int raw)
{
    long long due = now_ms() + limit_ms;
    char *at;

    for (;;) {
        at = raw ? find(p.raw, p.len, p.raw_from, part, part_len) : find(p.plain, p.plain_len, p.from, part, part_len);
        if (at != NULL)
            break;
        if (!listen_until(due))
            fail(now_ms() >= due ? "did not come: " : "ended without: ", part);
    }
    if (raw) {
        p.raw_from = (size_t)(at - p.raw) + part_len;
        return;
    }
    p.seen_from = p.from;
    p.from = (size_t)(at - p.plain) + part_len;
}

static void press(char *text)
{
    long long due = now_ms() + limit_ms;
    char *part = text + strcspn(text, " ");
    size_t key_len;

    *part++ = '\0';
    key_len = unescape(text);
    unescape(part);
    while (find(p.plain, p.plain_len, p.from, part, strlen(part)) == NULL) {
        long long next = now_ms() + 200;

        if (now_ms() > due)
            fail("did not come: ", part);
        type(text, key_len);
        while (now_ms() < next && find(p.plain, p.plain_len, p.from, part, strlen(part)) == NULL)
            listen_until(next);
    }
    wait_for(part, strlen(part), 0);
}

/* What the terminal has still to pass on comes before its end does; where something else keeps it open, that is not waited for long. */
static void wait_exit(void)
{
    long long due = now_ms() + limit_ms;

    while (waitpid(p.pid, &p.status, WNOHANG) == 0) {
        if (now_ms() > due)
            fail("the program does not end", "");
        listen_until(now_ms() + 20);
    }
    p.ended = 1;
    due = now_ms() + REST_MS;
    while (listen_until(due))
        ;
}

static int exit_status(void)
{
    return WIFEXITED(p.status) ? WEXITSTATUS(p.status) : 128 + WTERMSIG(p.status);
}

static void wait_end(int expected)
{
    char text[64];

    wait_exit();
    p.seen_from = p.from;
    p.from = p.plain_len;
    snprintf(text, sizeof text, "%d", exit_status());
    if (exit_status() != expected)
        fail("ended with ", text);
}

static void print_all(void)
{
    size_t i;

    wait_exit();
    for (i = 0; i < p.len; i++)
        if (p.raw[i] != '\r')
            putchar(p.raw[i]);
    exit(exit_status());
}

static void wait_taken(void)
{
    long long due = now_ms() + limit_ms;
    struct termios now;

    while (tcgetattr(p.master, &now) == 0 && (now.c_lflag & ICANON) == 0) {
        if (now_ms() > due)
            fail("the line is not taken", "");
        listen_until(now_ms() + 10);
    }
}

static void check_modes(void)
{
    struct termios now;

    if (tcgetattr(p.master, &now) < 0 || now.c_lflag != p.usual.c_lflag || now.c_iflag != p.usual.c_iflag || now.c_oflag != p.usual.c_oflag)
        fail("the terminal's modes are not what they were", "");
}

static void resize(int columns, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};

    ioctl(p.master, TIOCSWINSZ, &size);
}

static void check_seen(const char *text, size_t len, int wanted)
{
    char *at = find(p.plain, p.from, p.seen_from, text, len);

    if ((at != NULL) != wanted)
        fail(wanted ? "was not written: " : "was written: ", text);
}

static void step(char *line)
{
    char *text = line + strcspn(line, " ");
    size_t len;

    if (*text == ' ')
        *text++ = '\0';
    if (strcmp(line, "run") == 0) {
        if (system(text) != 0)
            fail("failed: ", text);
        return;
    }
    if (strcmp(line, "press") == 0) {
        press(text);
        return;
    }
    len = unescape(text);
    if (strcmp(line, "send") == 0) {
        type(text, len);
    } else if (strcmp(line, "line") == 0) {
        type(text, len);
        type("\r", 1);
    } else if (strcmp(line, "wait") == 0 || strcmp(line, "raw") == 0) {
        wait_for(text, len, *line == 'r');
    } else if (strcmp(line, "seen") == 0 || strcmp(line, "unseen") == 0) {
        check_seen(text, len, *line == 's');
    } else if (strcmp(line, "size") == 0) {
        resize(atoi(text), atoi(text + strcspn(text, " ")));
    } else if (strcmp(line, "signal") == 0) {
        kill(p.pid, atoi(text));
    } else if (strcmp(line, "taken") == 0) {
        wait_taken();
    } else if (strcmp(line, "modes") == 0) {
        check_modes();
    } else if (strcmp(line, "end") == 0) {
        wait_end(atoi(text));
    } else if (strcmp(line, "all") == 0) {
        print_all();
    } else {
        fail("no such step: ", line);
    }
}

static void start(char **argv)
{
    int slave;

    p.master = posix_openpt(O_RDWR | O_NOCTTY);
    if (p.master < 0 || grantpt(p.master) < 0 || unlockpt(p.master) < 0)
        fail("no terminal: ", strerror(errno));
    slave = open(ptsname(p.master), O_RDWR | O_NOCTTY);
    if (slave < 0 || tcgetattr(slave, &p.usual) < 0)
        fail("no terminal: ", strerror(errno));
    resize(atoi(argv[1]), atoi(argv[2]));
    p.pid = fork();
    if (p.pid == 0) {
        signal(SIGINT, SIG_DFL); /* which whoever starts tests in the background has ignored */
        signal(SIGQUIT, SIG_DFL);
        signal(SIGTSTP, SIG_DFL);
        setsid();
        ioctl(slave, TIOCSCTTY, 0);
        dup2(slave, 0);
        dup2(slave, 1);
        dup2(slave, 2);
        close(slave);
        close(p.master);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    close(slave);
    fcntl(p.master, F_SETFL, O_NONBLOCK);
    fcntl(p.master, F_SETFD, FD_CLOEXEC);
}

int main(int argc, char **argv)
{
    static char line[1 << 20];
    const char *limit = getenv("TDRT_PTY_MS");

    limit_ms = limit == NULL ? 60000 : atoi(limit);
    if (argc < 4)
        return 2;
    p.raw = malloc(MOST);
    p.plain = malloc(MOST);
    if (p.raw == NULL || p.plain == NULL)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    start(argv);
    while (fgets(line, sizeof line, stdin) != NULL) {
        p.line++;
        line[strcspn(line, "\n")] = '\0';
        if (*line != '\0' && *line != '#')
            step(line);
    }
    if (!p.ended)
        fail("the script has no end", "");
    finish(0);
}
