/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Passwords from a file or from a prompt. Knows nothing of options. */
#include "args/password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "input/source.h"
#include "term/interrupt.h"
#include "term/report.h"

/* Up to the line's end, which is cut off. 0, or errno; EMSGSIZE when there is more than fits, EILSEQ when there is a NUL. */
static int read_line(int fd, char password[CLI_PASSWORD_ROOM])
{
    size_t len = 0;
    ssize_t n = 1;
    const char *end;

    while (n > 0 && len < CLI_PASSWORD_ROOM && memchr(password, '\n', len) == NULL) {
        if (cli_interrupt_wait(fd))
            return EINTR;
        n = read(fd, password + len, CLI_PASSWORD_ROOM - len);
        if (n < 0 && errno != EINTR)
            return errno;
        len += n > 0 ? (size_t)n : 0;
        n = n < 0 ? 1 : n;
    }
    if (len == CLI_PASSWORD_ROOM && memchr(password, '\n', len) == NULL)
        return EMSGSIZE;
    password[len - (len == CLI_PASSWORD_ROOM)] = '\0';
    end = memchr(password, '\n', len);
    if (memchr(password, '\0', end == NULL ? len - (len == CLI_PASSWORD_ROOM) : (size_t)(end - password)) != NULL)
        return EILSEQ;
    password[strcspn(password, "\r\n")] = '\0';
    memmove(password, password + cli_source_mark(password, len), CLI_PASSWORD_ROOM - cli_source_mark(password, len));
    return 0;
}

int cli_password_file(const char *name, char password[CLI_PASSWORD_ROOM])
{
    struct stat about;
    int fd = open(name, O_RDONLY | O_CLOEXEC), failed = fd < 0 || fstat(fd, &about) < 0 ? errno : 0, status = CLI_OK;

    if (failed == 0 && S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        status = cli_usage("password file %s: other users can access it; use chmod 600", name);
    else if (failed == 0)
        failed = read_line(fd, password);
    if (failed == EILSEQ)
        status = cli_usage("password file %s: its first line holds a NUL; is it UTF-16?", name);
    else if (failed != 0)
        status = cli_usage("password file %s: %s", name, strerror(failed));
    else if (status == CLI_OK && cli_source_fault(password, strlen(password)) != NULL)
        status = cli_usage("password file %s: %s", name, cli_source_fault(password, strlen(password)));
    else if (status == CLI_OK && password[0] == '\0')
        status = cli_usage("password file %s: its first line is empty", name);
    if (fd >= 0)
        close(fd);
    return status;
}

int cli_password_ask(char password[CLI_PASSWORD_ROOM])
{
    static const char prompt[] = "Password: ";
    struct termios usual, silent;
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), failed = 0;

    if (fd < 0 || tcgetattr(fd, &usual) < 0) {
        if (fd >= 0)
            close(fd);
        return cli_usage("no terminal to ask for the password on");
    }
    cli_interrupt_restores(fd, &usual);
    silent = usual;
    silent.c_lflag &= (tcflag_t)~(unsigned)ECHO;
    if (tcsetattr(fd, TCSAFLUSH, &silent) < 0 || write(fd, prompt, sizeof prompt - 1) < 0)
        failed = errno;
    if (failed == 0)
        failed = read_line(fd, password);
    tcsetattr(fd, TCSAFLUSH, &usual);
    cli_interrupt_restores(-1, NULL);
    (void)!write(fd, "\n", 1); /* the one that was typed did not show */
    close(fd);
    if (cli_interrupted())
        return CLI_INTERRUPTED;
    return failed == 0 ? CLI_OK : cli_usage("the password could not be read: %s", strerror(failed));
}

void cli_password_forget(char password[CLI_PASSWORD_ROOM])
{
    volatile char *p = password;
    size_t i;

    for (i = 0; i < CLI_PASSWORD_ROOM; i++)
        p[i] = 0;
}
