/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What programs see of a spool's directory: the list of its entries, and dropping them. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "spool/spool.h"

static char scratch[64], dir[128], said[4096];
static tdrest_options *options;
static int stop_at;

static int note(void *context, const tdrest_spool_entry *e)
{
    static const char *const states[] = {"?", "waiting", "rejected", "damaged", "torn", "newer"};
    const size_t len = strlen(said);

    CHECK(e->size == sizeof *e && context == said, "size %d", (int)e->size);
    snprintf(said + len, sizeof said - len, "%s %s rows %d db '%s' '%.*s' '%s'; ", e->file, states[e->state], (int)e->rows, e->database, (int)e->len, e->text, e->reason);
    CHECK((e->number == 0) == (e->state >= TDREST_SPOOL_DAMAGED) && (e->bytes > 0) == (e->state != TDREST_SPOOL_NEWER), "%s", e->file);
    return stop_at > 0 && --stop_at == 0 ? 7 : 0;
}

static int list(void)
{
    said[0] = '\0';
    return tdrest_spool_list(options, note, said);
}

static void begin(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-spool.XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(scratch) != NULL);
    snprintf(dir, sizeof dir, "%s/spool", scratch);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "spool_dir", dir), TDREST_OK);
    stop_at = 0;
}

static void finish(void)
{
    char lock[160];

    tdrest_options_free(options);
    snprintf(lock, sizeof lock, "%s/lock", dir);
    (void)unlink(lock);
    (void)rmdir(dir);
    CHECK(rmdir(scratch) == 0, "%s is not empty", scratch);
}

static int append(tdri_spool *spool, const char *text, const char *database)
{
    const tdri_spool_record record = {.rows = 3, .database = {database, strlen(database)}, .body = {text, strlen(text)}};
    uint64_t number;
    tdrest_error err;

    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_append(spool, &record, &number, &err), TDREST_OK);
    return tdri_spool_sync(spool, &err);
}

static tdri_spool *open_spool(void)
{
    const tdri_spool_config config = {.dir = dir};
    tdrest_error err;
    tdri_spool *spool = NULL;

    tdri_err_reset(&err);
    CU_ASSERT_FATAL(tdri_spool_open(&spool, &config, &tdri_mem_default, &err) == TDREST_OK);
    return spool;
}

/* Beside the writer that has the lock. */
static void lists(void)
{
    tdri_spool *spool;
    tdri_spool_record record;
    tdrest_error err;

    begin();
    spool = open_spool();
    CHECK_INT(list(), TDREST_OK);
    CHECK_TEXT(said, "");
    CHECK_INT(append(spool, "one", "power"), TDREST_OK);
    CHECK_INT(append(spool, "two", ""), TDREST_OK);
    CHECK_INT(list(), TDREST_OK);
    CHECK_TEXT(said, "segment.0000000001 waiting rows 3 db 'power' 'one' ''; segment.0000000001 waiting rows 3 db '' 'two' ''; ");
    stop_at = 1;
    CHECK_INT(list(), 7);
    CHECK_TEXT(said, "segment.0000000001 waiting rows 3 db 'power' 'one' ''; ");
    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_next(spool, 0, &record, &err), TDREST_ROW);
    CHECK_INT(tdri_spool_reject(spool, record.number, &(tdri_spool_refused){3, 0x2603, {"no such table", 13}, {"one", 3}}, 1, &err), TDREST_OK);
    CHECK_INT(list(), TDREST_OK);
    CHECK(strncmp(said, "rejected.", 9) == 0 && strstr(said, " rejected rows 3 db 'power' 'one' 'no such table'; ") != NULL, "%s", said);
    CHECK_INT(tdrest_spool_drop(options, NULL), TDREST_EOPTION);
    CHECK(strstr(tdrest_options_error(options)->message, "in use by another writer") != NULL, "%s", tdrest_options_error(options)->message);
    CHECK_INT(tdri_spool_close(spool, &err), TDREST_OK);
    CHECK_INT(tdrest_spool_drop(options, NULL), TDREST_OK);
    finish();
}

/* Bytes that are no record, an end that is not all there, a newer format. */
static void names_what_is_wrong(void)
{
    tdri_spool *spool;
    tdrest_error err;
    char path[160];
    int64_t removed;
    FILE *f;

    begin();
    spool = open_spool();
    CHECK_INT(append(spool, "one", ""), TDREST_OK);
    CHECK_INT(append(spool, "two", ""), TDREST_OK);
    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_close(spool, &err), TDREST_OK);
    snprintf(path, sizeof path, "%s/segment.0000000001", dir);
    f = fopen(path, "r+");
    CU_ASSERT_FATAL(f != NULL);
    fseek(f, TDRI_SPOOL_FILE_HEAD + TDRI_SPOOL_RECORD_HEAD + 1, SEEK_SET);
    fputc('x', f);
    fseek(f, 0, SEEK_END);
    fwrite("\361tdR", 1, 4, f);
    CHECK(fclose(f) == 0, "not written");
    CHECK_INT(list(), TDREST_OK);
    CHECK_TEXT(said, "segment.0000000001 damaged rows -1 db '' '' ''; segment.0000000001 waiting rows 3 db '' 'two' ''; segment.0000000001 torn rows -1 db '' '' ''; ");
    CHECK_INT(tdrest_spool_drop(options, &removed), TDREST_OK);
    CHECK_INT(removed, 1);
    CHECK_INT(list(), TDREST_OK);
    CHECK_TEXT(said, "");
    CHECK_INT(tdrest_options_set(options, "spool_dir", "tests/data/spool/newer"), TDREST_OK);
    CHECK_INT(list(), TDREST_OK);
    CHECK(strstr(said, " newer rows -1 ") != NULL, "%s", said);
    finish();
}

/* Nothing that is no file of a spool is touched, and no lock is left in such a directory. */
static void drops_its_own_only(void)
{
    char path[160];
    int64_t removed = -1;
    FILE *f;

    begin();
    CHECK_INT(list(), TDREST_ESPOOL);
    CHECK(strstr(tdrest_options_error(options)->message, dir) != NULL, "%s", tdrest_options_error(options)->message);
    CHECK_INT(tdrest_spool_drop(options, &removed), TDREST_ESPOOL);
    CHECK_INT(removed, 0);
    CHECK(mkdir(dir, 0700) == 0, "mkdir");
    snprintf(path, sizeof path, "%s/segment.1", dir);
    f = fopen(path, "w");
    CU_ASSERT_FATAL(f != NULL);
    (void)fclose(f);
    CHECK_INT(list(), TDREST_OK);
    CHECK_TEXT(said, "");
    CHECK_INT(tdrest_spool_drop(options, &removed), TDREST_OK);
    CHECK_INT(removed, 0);
    CHECK(unlink(path) == 0, "the foreign file went");
    CHECK(rmdir(dir) == 0, "something is in %s", dir);
    CHECK_INT(tdrest_spool_list(options, NULL, NULL), TDREST_EUSAGE);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK_INT(list(), TDREST_EUSAGE);
    CHECK_INT(tdrest_spool_drop(options, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_spool_list(NULL, note, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_spool_drop(NULL, &removed), TDREST_EUSAGE);
    finish();
}

CU_TestInfo tdrt_spool_list[] = {
    {"a list beside a writer", lists},
    {"names what is wrong", names_what_is_wrong},
    {"drops files of a spool, and no others", drops_its_own_only},
    CU_TEST_INFO_NULL,
};
