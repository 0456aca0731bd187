/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A second thread cancels a query that takes too long: 06_cancel [DSN [SQL [MILLISECONDS]]]. Link with -pthread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>
#include <time.h>

typedef struct watch {
    tdrest_conn *conn;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct timespec deadline;
    int done; /* the query ended, or was cancelled */
} watch;

/*
 * A query is many calls, and a cancel between two of them has no effect: repeat it until the query has ended.
 */
static void *cancel_late(void *argument)
{
    watch *w = argument;
    const struct timespec pause = {0, 20000000};
    int rc = 0;

    pthread_mutex_lock(&w->mutex);
    while (!w->done && rc == 0)
        rc = pthread_cond_timedwait(&w->changed, &w->mutex, &w->deadline);
    while (!w->done) {
        tdrest_conn_cancel(w->conn);
        pthread_mutex_unlock(&w->mutex);
        nanosleep(&pause, NULL);
        pthread_mutex_lock(&w->mutex);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

int main(int argc, char **argv)
{
    const char *sql = argc > 2 ? argv[2] : "select * from wire_ms.long";
    long ms = argc > 3 ? strtol(argv[3], NULL, 10) : 1000, rows = 0;
    watch w = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    tdrest_result *res = NULL;
    pthread_t thread;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &w.conn, why, sizeof why);

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    clock_gettime(CLOCK_REALTIME, &w.deadline);
    w.deadline.tv_nsec += ms % 1000 * 1000000;
    w.deadline.tv_sec += ms / 1000 + w.deadline.tv_nsec / 1000000000;
    w.deadline.tv_nsec %= 1000000000;
    if (pthread_create(&thread, NULL, cancel_late, &w) != 0)
        return 1;
    rc = tdrest_query(w.conn, sql, TDREST_CSTR, NULL, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        rows++;
    pthread_mutex_lock(&w.mutex);
    w.done = 1;
    pthread_cond_signal(&w.changed);
    pthread_mutex_unlock(&w.mutex);
    pthread_join(thread, NULL);
    printf("%s after %ld rows\n", rc == TDREST_DONE ? "complete" : tdrest_code_name(rc), rows);
    tdrest_result_free(res);
    tdrest_conn_free(w.conn);
    return rc == TDREST_ECANCELLED ? 130 : rc < 0;
}
