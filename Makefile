# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Builds, checks and installs tdrest; `make help` lists what can be asked for. Everything made is in $(B), nothing else is written.
# CC, AR, PKG_CONFIG (cross compiling), CFLAGS, CPPFLAGS, LDFLAGS, DESTDIR and the GNU directory variables are the caller's; besides:
#
#   B=build                directory for what is made
#   SANITIZE=address,...   builds with these sanitizers (and keeps assertions)
#   WERROR=1               warnings are errors
#   RUN=emulator           what tests run is run by it (cross compiling)
#   V=1                    shows the commands
#   EDIT=                  builds the tool's shell without libedit: a plain prompt
#   LIBUV=                 leaves out the example that needs libuv
#   ASYNC= WRITER= SPOOL= ARROW=   empty: leaves that room out of the library; a writer needs async, a spool needs the writer

CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
INSTALL ?= install
CLANG ?= clang
MUSL_CC ?= musl-gcc
B ?= build
ASYNC ?= 1
WRITER ?= $(ASYNC)
SPOOL ?= $(WRITER)
ARROW ?= 1
# Line editing of the tool's shell: libedit, where pkg-config finds it.
EDIT ?= $(if $(shell $(PKG_CONFIG) --exists libedit 2>/dev/null && echo 1),1)
# An event loop for one of the examples, where pkg-config finds it.
LIBUV ?= $(if $(shell $(PKG_CONFIG) --exists libuv 2>/dev/null && echo 1),1)
SANITIZE ?=
WERROR ?=

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
pkgconfigdir ?= $(libdir)/pkgconfig
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man
bashcompletiondir ?= $(datarootdir)/bash-completion/completions
zshcompletiondir ?= $(datarootdir)/zsh/site-functions
fishcompletiondir ?= $(datarootdir)/fish/vendor_completions.d

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

# ---- what this stands on ----

MANAGER = $(firstword $(foreach name,apt-get apk dnf brew,$(if $(shell command -v $(name)),$(name))))
X86 := $(filter x86_64 amd64,$(shell uname -m))

# Of Debian: what runs on the machine that builds, and what programs are linked with, for the machine that runs them.
TOOLS := pkg-config curl tzdata gzip openssl
LIBRARIES := libcurl4-openssl-dev libjansson-dev libcunit1-dev libmicrohttpd-dev libsqlite3-dev zlib1g-dev libedit-dev libuv1-dev

DEPS_apt-get := gcc g++ make libc6-dev binutils $(TOOLS) $(LIBRARIES)
DEPS_apk := gcc g++ make musl-dev binutils pkgconf curl curl-dev jansson-dev cunit-dev libmicrohttpd-dev sqlite-dev zlib-dev libedit-dev libuv-dev tzdata gzip openssl
DEPS_dnf := gcc gcc-c++ make binutils pkgconf-pkg-config curl libcurl-devel jansson-devel CUnit-devel libmicrohttpd-devel sqlite-devel zlib-devel libedit-devel libuv-devel tzdata gzip diffutils openssl
DEPS_brew := pkg-config curl jansson cunit libmicrohttpd sqlite zlib libedit libuv openssl

DEV_apt-get := clang musl-tools jq python3 python3-venv sqlite3 mandoc zsh fish tinyproxy-bin haproxy valgrind mmdebstrap debian-archive-keyring qemu-user-static $(if $(X86),gcc-multilib)
DEV_apk := clang compiler-rt jq python3 sqlite mandoc zsh fish bash util-linux tinyproxy haproxy valgrind
DEV_dnf := clang compiler-rt musl-gcc jq python3 sqlite mandoc zsh fish util-linux tinyproxy haproxy valgrind $(if $(X86),glibc-devel.i686)
DEV_brew := jq python3 tinyproxy haproxy

# Lists of packages may be missing or old: they are only fetched when the first try fails. Where apt is at work already, it is waited for, at most
# ten minutes; `apt-get update` has no option for that.
define ADD_apt-get
export DEBIAN_FRONTEND=noninteractive LC_ALL=C; tries=0; \
add() { apt-get install -qq -y --no-install-recommends -o Acquire::Retries=5 -o DPkg::Lock::Timeout=600 $(1) </dev/null; }; \
fetch() { \
    until said=$$(apt-get update -qq -o Acquire::Retries=5 2>&1); do \
        case $$said in *'Could not get lock'*) tries=$$((tries + 1)) ;; *) tries=300 ;; esac; \
        if [ $$tries -ge 300 ]; then echo "$$said" >&2; return 1; fi; \
        sleep 2; \
    done; \
}; \
add || { fetch && add; }
endef
ADD_apk = apk add $(1)
ADD_dnf = dnf install -y $(1)
ADD_brew = brew install $(1)
# Root, and whoever uses brew, installs; others are told how.
define add
	@$(if $(MANAGER),,echo 'No known package manager; needed: $(DEPS_apt-get) (names of Debian)'; exit 1;) \
	if [ "$$(id -u)" -eq 0 ] || [ '$(MANAGER)' = brew ]; then $(call ADD_$(MANAGER),$(1)); \
	else echo 'As root:'; echo '    $(MANAGER) $(if $(filter apk,$(MANAGER)),add,install) $(1)'; fi
endef

.PHONY: deps deps-dev
deps: ## install what build, tests and demo need (prints the command if you are not root)
	$(call add,$(DEPS_$(MANAGER)))

deps-dev: deps ## install what the other checks need: clang, musl, valgrind, shells, proxies, other machines
	$(call add,$(DEV_$(MANAGER)))
ifeq ($(MANAGER),apt-get)
	$(call add,libclang-rt-$$(clang -dumpversion | cut -d. -f1)-dev)
endif

# What is asked for together with them is made by another make, once they are there: pkg-config is asked when a make begins.
INSTALLED := $(filter deps deps-dev,$(MAKECMDGOALS))
LATER := $(if $(INSTALLED),$(filter-out $(INSTALLED),$(MAKECMDGOALS)))
ifneq ($(LATER),)
.PHONY: later $(LATER)
$(LATER): later ;
later: $(INSTALLED)
	@$(MAKE) --no-print-directory $(LATER)
else

# ---- names ----

VERSION := $(shell awk '/define TDREST_VERSION_(MAJOR|MINOR|PATCH) / {printf "%s%s", dot, $$3; dot = "."}' include/tdrest.h)
# Goes up by one when a program linked with an older library would not run with the newer one; nothing else changes it.
ABI := 0

ifneq (,$(findstring darwin,$(shell $(CC) -dumpmachine)))
SHARED := libtdrest.$(ABI).dylib
SHARED_LINK := libtdrest.dylib
SHARED_FLAGS = -dynamiclib -install_name $(libdir)/$(SHARED)
AR_FLAGS := rcs
else
SHARED := libtdrest.so.$(ABI)
SHARED_LINK := libtdrest.so
SHARED_FLAGS = -shared -Wl,-soname,$(SHARED) -Wl,--version-script,tdrest.map $(if $(SANITIZE),,-Wl,-z,defs)
AR_FLAGS := rcsD
endif

# ---- flags ----

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wwrite-strings -Wvla $(if $(WERROR),-Werror)
SANITIZER := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
CURL_FLAGS := $(shell $(PKG_CONFIG) --cflags libcurl 2>/dev/null)
CURL_LIBS := $(or $(shell $(PKG_CONFIG) --libs libcurl 2>/dev/null),-lcurl)
# The tests read with Jansson what the library reads by itself.
JANSSON_FLAGS := $(shell $(PKG_CONFIG) --cflags jansson 2>/dev/null)
JANSSON_LIBS := $(or $(shell $(PKG_CONFIG) --libs jansson 2>/dev/null),-ljansson)
# What the sandbox stands on; nothing else needs it.
SANDBOX_PACKAGES := libmicrohttpd sqlite3 zlib jansson
SANDBOX_FLAGS := $(shell $(PKG_CONFIG) --cflags $(SANDBOX_PACKAGES) 2>/dev/null)
SANDBOX_LIBS := $(or $(shell $(PKG_CONFIG) --libs $(SANDBOX_PACKAGES) 2>/dev/null),-lmicrohttpd -lsqlite3 -lz -ljansson)
# The tool's shell may edit lines with it.
EDIT_FLAGS := $(if $(EDIT),-DCLI_EDIT $(shell $(PKG_CONFIG) --cflags libedit 2>/dev/null))
EDIT_LIBS := $(if $(EDIT),$(or $(shell $(PKG_CONFIG) --libs libedit 2>/dev/null),-ledit))
# One example runs in its loop.
LIBUV_FLAGS := $(if $(LIBUV),$(shell $(PKG_CONFIG) --cflags libuv 2>/dev/null))
LIBUV_LIBS := $(if $(LIBUV),$(or $(shell $(PKG_CONFIG) --libs libuv 2>/dev/null),-luv))
CUNIT_FLAGS := $(shell $(PKG_CONFIG) --cflags cunit 2>/dev/null)
CUNIT_LIBS := $(or $(shell $(PKG_CONFIG) --libs cunit 2>/dev/null),-lcunit)

# Files beyond 2 GiB on 32-bit systems too, and times beyond 2038 where no libcurl is: its time_t is that of the system's libraries, which may be
# the short one. Elsewhere neither changes anything.
WIDE := -D_FILE_OFFSET_BITS=64
LATE := -D_TIME_BITS=64

# What was left out; tools, tests and examples ask.
WITHOUT := $(if $(ASYNC),,-DTDREST_NO_ASYNC) $(if $(WRITER),,-DTDREST_NO_WRITER) $(if $(SPOOL),,-DTDREST_NO_SPOOL) $(if $(ARROW),,-DTDREST_NO_ARROW)

brief = $(if $(V),,@printf '  %-5s %s\n' $(1) $@;)
# The prefix map keeps the directory of the build out of what is built.
COMPILE = $(call brief,CC)$(CC) -std=c11 $(WARNINGS) $(WIDE) $(WITHOUT) -fdebug-prefix-map=$(CURDIR)=. $(CPPFLAGS) $(CFLAGS) $(SANITIZER) -MMD -MP -c -o $@
LINK = $(call brief,LINK)$(CC) $(CFLAGS) $(SANITIZER) $(LDFLAGS) -o $@
# A library does not end its host: assertions are for the checks.
POSIX := -D_POSIX_C_SOURCE=200809L
LIBRARY_FLAGS := $(POSIX) -DTDREST_BUILD -fPIC -fvisibility=hidden -pthread -Iinclude -Irest $(if $(SANITIZE)$(ASSERTS),,-DNDEBUG) $(CURL_FLAGS)
TEST_FLAGS := -D_GNU_SOURCE -I. -Iinclude -Irest -Itests -Itests/support -Itests/server $(CURL_FLAGS) $(JANSSON_FLAGS) $(CUNIT_FLAGS)

ALL_FLAGS = $(CC) $(WARNINGS) $(WIDE) $(LATE) $(WITHOUT) $(EDIT_FLAGS) $(CPPFLAGS) $(CFLAGS) $(SANITIZER) $(LIBRARY_FLAGS) $(LDFLAGS)

# ---- files ----

objects = $(patsubst %.c,$(B)/%.o,$(sort $(1)))
# The rooms of the library, each above those it may include; PURE does no I/O.
PURE := base error config sql lines request answer
ROOMS := $(PURE) net client $(if $(ASYNC),async) $(if $(SPOOL),spool) $(if $(WRITER),writer) $(if $(ARROW),arrow)
suites = $(shell sed -n 's/^SUITE.$(1), \([a-z0-9_]*\),.*/\1/p' tests/support/suites.h)
tests_of = $(foreach room,$(1),$(patsubst %,tests/unit/$(room)/test_%.c,$(call suites,$(room))))

LIBRARY := $(call objects,$(wildcard $(ROOMS:%=rest/%/*.c)))
TOOL := $(call objects,$(wildcard tools/tdrest/*.c tools/tdrest/*/*.c))
SANDBOX := $(call objects,$(wildcard tools/sandbox/*.c tools/sandbox/*/*.c))
ENGINE := $(filter-out $(B)/tools/sandbox/main.o,$(SANDBOX))
LEFT_OUT := $(strip $(if $(ASYNC),,async) $(if $(WRITER),,writer) $(if $(SPOOL),,spool) $(if $(ARROW),,arrow))
# Examples of rooms that were left out, and of what is not installed.
OUT := $(if $(ASYNC),,18_%) $(if $(and $(ASYNC),$(LIBUV)),,19_%) $(if $(WRITER),,20_%) $(if $(SPOOL),,21_%) $(if $(ARROW),,22_%)
EXAMPLES := $(patsubst %,$(B)/%,$(filter-out $(OUT),$(patsubst examples/%.c,%,$(sort $(wildcard examples/*.c)))))
TESTS := $(call objects,$(filter-out tests/support/mini.c,$(wildcard tests/support/*.c)) $(call tests_of,$(ROOMS) $(if $(ARROW),adbc tool)))
UNLISTED = $(filter-out $(call tests_of,$(ROOMS) adbc tool),$(wildcard $(ROOMS:%=tests/unit/%/test_*.c) tests/unit/adbc/test_*.c tests/unit/tool/test_*.c))
REPLAY := $(call objects,$(wildcard tests/server/*.c))
LIVE := $(call objects,$(wildcard tests/live/*.c))
INJECT := $(call objects,$(wildcard tests/inject/*.c))
# The driver for ADBC: the library and its own files in one shared object, which exports two functions.
ADBC := $(call objects,$(wildcard adbc/*.c))
ADBC_DRIVER := libadbc_driver_tdrest.so
# The parts of the tool that have unit tests.
TOOL_TESTED := $(if $(ARROW),$(call objects,$(addprefix tools/tdrest/arrow/,flat.c message.c)))
# For tests its objects ask them for memory, and have it refused.
ADBC_TESTED := $(if $(ARROW),$(patsubst %.c,$(B)/tested/%.o,$(wildcard adbc/*.c)))
BENCH := $(call objects,$(filter-out $(if $(ARROW),,tests/bench/arrow_bench.c) $(if $(SPOOL),,tests/bench/spool_bench.c),$(wildcard tests/bench/*.c))) $(if $(ARROW),$(ADBC))
FUZZ_NAMES := $(filter-out $(if $(SPOOL),,spool),$(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c))))
FUZZ_REPLAYS := $(addprefix $(B)/fuzz-replay-,$(FUZZ_NAMES))
# What needs neither CUnit nor libcurl nor Jansson, objects apart because the tests are compiled for another runner.
MINI := $(patsubst %.c,$(B)/mini/%.o,$(sort $(wildcard $(PURE:%=rest/%/*.c)) tests/support/mini.c tests/support/dump.c tests/support/environment.c $(call tests_of,$(PURE))))

PROGRAMS := $(B)/tdrest-sandbox $(B)/tdrt-sandbox-replay $(B)/tdrt-answers $(B)/tdrt-decimal $(B)/tdrt-vectors $(B)/tdrt-tests $(B)/tdrt-lookup $(B)/tdrt-guide $(B)/tdrt-sink $(B)/tdrt-threads $(B)/tdrt-tls-front $(B)/tdrt-raw $(B)/tdrt-pty $(B)/tdrest-replay $(B)/tdrt-live $(B)/tdrt-inject $(EXAMPLES) $(FUZZ_REPLAYS) $(B)/proof-floats $(B)/proof-time $(B)/proof-zones $(B)/proof-failover $(if $(WRITER),$(B)/proof-writer) $(if $(ASYNC),$(B)/proof-async) $(B)/power-table $(B)/options-md

# ---- build ----

.PHONY: all lib tool sandbox programs
all: lib tool ## build the library, static and shared, and the command
lib: $(B)/libtdrest.a $(B)/$(SHARED_LINK)
tool: $(B)/tdrest
sandbox: $(B)/tdrest-sandbox ## build tdrest-sandbox, a stand-in for the server
programs: all $(PROGRAMS)
	@$(if $(UNLISTED),echo '$(UNLISTED): no line in tests/support/suites.h'; exit 1)

$(B)/libtdrest.a: $(LIBRARY)
	@rm -f $@
	$(call brief,AR)$(AR) $(AR_FLAGS) $@ $^

$(B)/$(SHARED): $(LIBRARY) tdrest.map
	$(LINK) $(SHARED_FLAGS) $(LIBRARY) $(CURL_LIBS) -pthread

$(B)/$(SHARED_LINK): $(B)/$(SHARED)
	@ln -sf $(SHARED) $@

.PHONY: adbc adbc-python proof-adbc install-adbc uninstall-adbc
adbc: $(B)/$(ADBC_DRIVER) ## build the ADBC driver; see docs/ADBC.md

# Threads of a resolver may outlive it: it stays loaded.
$(B)/$(ADBC_DRIVER): $(ADBC) $(B)/libtdrest.a adbc/driver.map
	$(LINK) -shared -Wl,-z,nodelete -Wl,--version-script,adbc/driver.map $(ADBC) $(B)/libtdrest.a $(CURL_LIBS) -pthread

adbc-python: $(B)/$(ADBC_DRIVER) $(B)/tdrest $(B)/tdrest-sandbox ## test the driver and the command's Arrow output with Python clients (downloads them)
	@CC='$(CC)' sh tests/adbc/run.sh $(B) $(B)/$(ADBC_DRIVER)

proof-adbc: $(B)/$(ADBC_DRIVER) $(B)/tdrest $(B)/tdrest-sandbox ## the same with a million rows while the server is killed, and 100,000 tables; then with the oldest clients
	@CC='$(CC)' TIMES=100 ROWS=1000000 KILLS=20 TABLES=100000 HAS_TABLE_MS=100 sh tests/adbc/run.sh $(B) $(B)/$(ADBC_DRIVER)
	@CC='$(CC)' CLIENTS=oldest sh tests/adbc/run.sh $(B) $(B)/$(ADBC_DRIVER)

# A manager that is asked for "tdrest", or gets a URI of one of these schemes, finds the manifest, which names the library.
adbcmanifestdir ?= /etc/adbc/drivers
install-adbc: $(B)/$(ADBC_DRIVER) ## install the ADBC driver and its manifests
	$(INSTALL) -d '$(DESTDIR)$(libdir)' '$(DESTDIR)$(adbcmanifestdir)'
	$(INSTALL) -m 755 $(B)/$(ADBC_DRIVER) '$(DESTDIR)$(libdir)/$(ADBC_DRIVER)'
	for scheme in tdrest tdrest+https; do \
	    sed -e 's|@version@|$(VERSION)|' -e 's|@library@|$(libdir)/$(ADBC_DRIVER)|' adbc/tdrest.toml.in >'$(DESTDIR)$(adbcmanifestdir)'/$$scheme.toml || exit 1; \
	done

uninstall-adbc: ## remove what install-adbc installed
	rm -f '$(DESTDIR)$(libdir)/$(ADBC_DRIVER)' '$(DESTDIR)$(adbcmanifestdir)/tdrest.toml' '$(DESTDIR)$(adbcmanifestdir)/tdrest+https.toml'

$(B)/tdrest: $(TOOL) $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) $(EDIT_LIBS) -lm -pthread

$(B)/tdrest-sandbox: $(SANDBOX)
	$(LINK) $^ $(SANDBOX_LIBS) -lm -pthread

$(B)/tdrt-sandbox-replay: $(call objects,$(addprefix tests/sandbox/,replay.c rename.c))
	$(LINK) $^ $(SANDBOX_LIBS)

$(B)/tdrt-decimal: $(B)/tests/sandbox/decimal.o $(call objects,$(addprefix tools/sandbox/base/,decimal.c memory.c value.c))
	$(LINK) $^

$(B)/tdrt-answers: $(call objects,$(addprefix tests/sandbox/,answers.c rows.c))
	$(LINK) $^ $(JANSSON_LIBS) $(CURL_LIBS)

$(B)/tdrt-vectors: $(B)/tests/sandbox/vectors.o $(ENGINE)
	$(LINK) $^ $(SANDBOX_LIBS) -lm -pthread

$(EXAMPLES): $(B)/%: $(B)/examples/%.o $(B)/libtdrest.a
	$(LINK) $^ $(EXAMPLE_LIBS) $(CURL_LIBS) -pthread

$(B)/19_async_libuv: EXAMPLE_FLAGS := $(LIBUV_FLAGS)
$(B)/19_async_libuv: EXAMPLE_LIBS := $(LIBUV_LIBS)

$(B)/tdrt-tests: $(TESTS) $(ADBC_TESTED) $(TOOL_TESTED) $(B)/libtdrest.a
	$(LINK) $^ $(CUNIT_LIBS) $(JANSSON_LIBS) $(CURL_LIBS) -pthread

# The recipes of the guide and what runs them are one file; messages of the compiler have the guide's own lines.
$(B)/guide.c: docs/GUIDE.md tests/programs/guide.c
	@mkdir -p $(@D)
	@awk '/^```/ && inside {inside = 0; next} inside {print} /^```c$$/ {inside = 1; print "#line " FNR + 1 " \"docs/GUIDE.md\""}' docs/GUIDE.md >$@
	@{ echo '#line 1 "tests/programs/guide.c"' && cat tests/programs/guide.c; } >>$@

$(B)/guide.o: $(B)/guide.c $(B)/flags
	$(COMPILE) -Iinclude $<

$(B)/tdrt-guide: $(B)/guide.o $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread

$(B)/tdrt-lookup: $(B)/tests/programs/lookup.o $(B)/tests/support/names.o $(B)/tests/support/serve.o $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread -ldl

$(B)/tdrt-sink: $(B)/tests/programs/sink.o $(B)/tests/support/serve.o
	$(LINK) $^

$(B)/tdrt-threads: $(B)/tests/programs/threads.o $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread

$(B)/tdrt-tls-front: $(B)/tests/programs/tls_front.o
	$(LINK) $^

$(B)/tdrt-raw: $(B)/tests/programs/raw.o
	$(LINK) $^

$(B)/tdrt-pty: $(B)/tests/programs/pty.o
	$(LINK) $^

$(B)/tdrt-mini: $(MINI)
	$(LINK) $^ -pthread

$(B)/tdrest-replay: $(REPLAY)
	$(LINK) $^ $(JANSSON_LIBS)

$(B)/tdrt-live: $(LIVE) $(B)/libtdrest.a
	$(LINK) $^ $(JANSSON_LIBS) $(CURL_LIBS) -pthread

$(B)/tdrt-inject: $(INJECT) $(B)/libtdrest.a
	$(LINK) $^ $(JANSSON_LIBS) $(CURL_LIBS) -pthread

$(B)/tdrt-bench: $(BENCH) $(B)/libtdrest.a
	$(LINK) $^ $(JANSSON_LIBS) $(CURL_LIBS) -pthread

$(FUZZ_REPLAYS): $(B)/fuzz-replay-%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(B)/tests/support/dump.o $(B)/libtdrest.a
	$(LINK) $^ $(FUZZ_LIBS)

$(addprefix $(B)/fuzz-,$(FUZZ_NAMES)): $(B)/fuzz-%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/support/dump.o $(B)/libtdrest.a
	$(LINK) -fsanitize=fuzzer $^ $(FUZZ_LIBS)

# One target reads what was rendered as the sandbox does.
$(B)/fuzz-replay-bind $(B)/fuzz-bind: $(call objects,$(addprefix tools/sandbox/,sql/lex.c base/memory.c))
$(B)/fuzz-replay-bind $(B)/fuzz-bind: FUZZ_LIBS := $(CURL_LIBS) -pthread

# Two read files as the command does: its import, and what it has on standard input.
$(B)/tests/fuzz/fuzz_records.o $(B)/tests/fuzz/fuzz_input.o: TEST_FLAGS += -Itools/tdrest
$(B)/fuzz-replay-records $(B)/fuzz-records: $(call objects,$(addprefix tools/tdrest/,import/records.c import/csv.c import/tsv.c import/jsonl.c term/text.c))
$(B)/fuzz-replay-input $(B)/fuzz-input: $(call objects,$(addprefix tools/tdrest/,input/points.c input/script.c))
$(foreach name,records input,$(B)/fuzz-replay-$(name) $(B)/fuzz-$(name)): $(call objects,$(addprefix tools/tdrest/,input/reader.c input/source.c term/interrupt.c))
$(foreach name,records input,$(B)/fuzz-replay-$(name) $(B)/fuzz-$(name)): FUZZ_LIBS = $(B)/libtdrest.a $(CURL_LIBS) -pthread

# One goes through the whole sandbox.
$(B)/fuzz-replay-sandbox $(B)/fuzz-sandbox: $(ENGINE)
$(B)/fuzz-replay-sandbox $(B)/fuzz-sandbox: FUZZ_LIBS := $(SANDBOX_LIBS) -lm -pthread

$(B)/proof-%: $(B)/tests/proof/%.o $(B)/libtdrest.a
	$(LINK) $^

$(B)/proof-writer: $(call objects,$(addprefix tests/proof/,writer.c outages.c)) $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread

$(B)/tests/proof/async_loops.o $(B)/tests/proof/async_libuv.o: CPPFLAGS += $(if $(LIBUV),-DTDRT_LIBUV $(LIBUV_FLAGS))
$(B)/proof-async: $(call objects,$(addprefix tests/proof/,async.c async_loops.c $(if $(LIBUV),async_libuv.c))) $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) $(LIBUV_LIBS) -pthread

$(B)/proof-failover: $(call objects,$(addprefix tests/proof/,failover.c outages.c)) $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread

$(B)/options-md: $(B)/tests/tools/options_md.o $(B)/libtdrest.a
	$(LINK) $^ $(CURL_LIBS) -pthread

$(B)/power-table: $(B)/tests/proof/power_table.o
	$(LINK) $^

# Other flags or another compiler: everything is made anew.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(ALL_FLAGS) | cmp -s - $@ || printf '%s\n' $(ALL_FLAGS) >$@

$(B)/rest/%.o: rest/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(LIBRARY_FLAGS) $<

# It shares nothing with the library, not even a header, so that each is a test of the other.
$(B)/tools/sandbox/%.o: tools/sandbox/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) $(LATE) -pthread $(SANDBOX_FLAGS) $<

# Of ours it sees the public header and its own rooms only.
$(B)/tools/tdrest/%.o: tools/tdrest/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) $(LATE) -Iinclude -Itools/tdrest $(EDIT_FLAGS) $<

# Of ours it sees the public header only.
$(B)/adbc/%.o: adbc/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) $(LATE) -fPIC -fvisibility=hidden -pthread -Iinclude -I. $<

$(B)/tested/adbc/%.o: adbc/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) $(LATE) -pthread -Iinclude -I. -Dmalloc=tdrt_adbc_malloc -Dcalloc=tdrt_adbc_calloc -Drealloc=tdrt_adbc_realloc $<

$(B)/examples/%.o: examples/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) -Iinclude $(EXAMPLE_FLAGS) $<

$(B)/tests/sandbox/%.o: tests/sandbox/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) $(SANDBOX_FLAGS) $(CURL_FLAGS) $<

$(B)/tests/unit/tool/%.o: TEST_FLAGS += -Itools/tdrest

$(B)/tests/%.o: tests/%.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_FLAGS) $<

$(B)/mini/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(POSIX) -DTDRT_MINI -DTDREST_BUILD -Iinclude -Irest -Itests -Itests/support $<

-include $(shell find $(B) -path $(B)/roots -prune -o -type f -name '*.d' -print 2>/dev/null)

# ---- checks ----

# Seconds and steps of tests/scripts/run.sh.
BUDGET ?= 180
STEPS ?= unit cli sandbox inject runs tls gateways lookup threads failover writer loops corpora floats calendar zones generated exports layers docstrings examples readme guide lengths

.PHONY: test gateways check tsan clang rooms left-out m32 musl mini valgrind fuzz proof-floats proof-time proof-zones proof-failover proof-data proof-writer proof-async proof-spool proof-sandbox sandbox-against layers scripts size bench demo live debian cross generate
test: programs ## run the tests (3 minutes); STEPS='unit cli' selects steps, SUITES='stmt write' unit suites
	@CC='$(CC)' LEFT_OUT='$(LEFT_OUT)' sh tests/scripts/run.sh $(B) $(BUDGET) $(STEPS)

check: ## run them with AddressSanitizer and UBSan (8 minutes)
	$(MAKE) test B=$(B)/asan SANITIZE=address,undefined CFLAGS='-O1 -g' BUDGET=480 STEPS='unit cli sandbox inject runs tls lookup threads failover writer corpora floats calendar' STRIDE=65537

tsan: ## run threads, name lookups and unit tests with ThreadSanitizer (8 minutes)
	$(MAKE) test B=$(B)/tsan SANITIZE=thread CFLAGS='-O1 -g' BUDGET=480 STEPS='threads lookup failover sandbox unit' SUITES='query store stream transport cancel jansson pool pool_health pool_threads'

clang: ## build with clang, warnings as errors, and run the unit tests
	$(MAKE) test B=$(B)/clang CC='$(CLANG)' WERROR=1 STEPS=unit

rooms: ## build without the rooms that can be left out, and run what knows of them (30 s)
	$(MAKE) left-out B=$(B)/rooms CFLAGS=-O1 ASYNC= ARROW= EDIT=

left-out: $(B)/libtdrest.so $(B)/tdrest $(B)/tdrest-sandbox $(B)/tdrest-replay $(B)/tdrt-guide $(B)/tdrt-pty $(EXAMPLES)
	@ONLY='tests/cli/spool.sh tests/cli/shell.sh' CC='$(CC)' LEFT_OUT='$(LEFT_OUT)' sh tests/scripts/run.sh $(B) 30 exports runs guide cli

mini: $(B)/tdrt-mini
	$(B)/tdrt-mini

m32: ## test the rooms without I/O as 32-bit code
	@echo 'The small runner takes the place of CUnit, of which there is no 32-bit library.'
	$(MAKE) mini B=$(B)/m32 CC='$(CC) -m32' WERROR=1

musl: ## test the rooms without I/O with musl
	@echo 'The small runner takes the place of CUnit, whose library is made for another libc.'
	$(MAKE) mini B=$(B)/musl CC='$(MUSL_CC)' WERROR=1

# Without the suite that cuts every recording at every byte: it takes minutes.
SHORT_SUITES = $(filter-out captures,$(foreach room,$(ROOMS),$(call suites,$(room))))

valgrind: ## run the unit tests under valgrind
	$(MAKE) B=$(B)/valgrind CPPFLAGS=-DTDRT_EMULATED $(B)/valgrind/tdrt-tests
	valgrind -q --leak-check=full --show-leak-kinds=definite,possible --errors-for-leak-kinds=definite,possible \
	    --child-silent-after-fork=yes --error-exitcode=1 $(B)/valgrind/tdrt-tests $(SHORT_SUITES)

# Roots are kept in $(B)/roots; MIRROR= is where packages come from, unless apt's sources say so.
debian: ## SUITE=trixie: run the README's commands on a fresh Debian of that name (root)
	@MIRROR='$(MIRROR)' sh tests/systems/debian.sh '$(B)/roots' '$(or $(SUITE),trixie)'

cross: ## ARCH=s390x, armhf or arm64: build for that machine, test in an emulator (root)
	@MIRROR='$(MIRROR)' sh tests/systems/cross.sh '$(B)/roots' '$(or $(SUITE),bookworm)' '$(ARCH)' '$(TOOLS)' '$(LIBRARIES)' '$(SHORT_SUITES)'

gateways: programs ## test the command behind real proxies and balancers: tinyproxy, haproxy
	sh tests/steps/gateways.sh $(B)

fuzz: ## FUZZ=name SECONDS=n: fuzz one target (clang)
	$(MAKE) B=$(B)/fuzzing CC='$(CLANG)' CFLAGS='-O1 -g' SANITIZE=fuzzer-no-link,address,undefined $(B)/fuzzing/fuzz-$(FUZZ)
	mkdir -p $(B)/fuzzing/corpus-$(FUZZ)
	cd $(B)/fuzzing && ./fuzz-$(FUZZ) -max_total_time=$(or $(SECONDS),60) -print_final_stats=1 corpus-$(FUZZ) $(CURDIR)/tests/fuzz/corpus/$(FUZZ)

proof-floats: $(B)/proof-floats ## convert every float both ways (minutes)
	$(B)/proof-floats

proof-time: $(B)/proof-time ## convert every day of the calendar both ways
	$(B)/proof-time

proof-zones: $(B)/proof-zones ## compare every change of every time zone of this system with Python's reading
	sh tests/steps/zones.sh $(B)

proof-failover: $(B)/proof-failover $(B)/tdrest-sandbox ## SECONDS=60: kill a server and its addresses at random, and look for every row
	sh tests/steps/failover.sh $(B) $(or $(SECONDS),60)

proof-data: $(B)/tdrest $(B)/tdrest-sandbox ## SECONDS=60 ROWS=1000000: kill and resume imports; export and import many rows
	sh tests/proof/data.sh $(B) $(or $(SECONDS),60) $(or $(ROWS),1000000)

proof-writer: $(B)/proof-writer $(B)/tdrest-sandbox ## ROUNDS=1000: kill a server while a writer writes, and look for every row
	sh tests/steps/writer.sh $(B) $(or $(ROUNDS),1000)

proof-async: $(B)/proof-async ## run REQUESTS=100000 requests on one thread, a thousand in flight, under LOOP=run, epoll or libuv: each arrives and is answered once, in constant memory
	$(B)/proof-async $(or $(REQUESTS),100000) $(LOOP)

proof-spool: $(B)/tdrt-tests ## KILLS=1000: kill a writer with a spool; deliver 100,000 files (minutes)
	TDREST_SPOOL_KILLS=$(or $(KILLS),1000) TDREST_SPOOL_BACKLOG=100000 $(B)/tdrt-tests writer_spool spool_system

proof-sandbox: $(B)/tdrest-sandbox ## kill the sandbox 200 times while it writes (a minute)
	sh tests/sandbox/kills.sh $(B) 200

sandbox-against: $(B)/tdrest-sandbox $(B)/tdrt-answers ## DSN=http://...: compare the sandbox's answers to recorded statements with that server's
	@$(if $(DSN),,echo 'DSN=http://user:password@host:port names the server'; exit 2)
	@sh tests/sandbox/answers.sh $(B) '$(DSN)'

# After a change of the tables of options, flags, commands or formats.
generate: $(B)/tdrest $(B)/tdrest-sandbox $(B)/tdrt-pty $(B)/power-table $(B)/options-md ## write the generated files: tables, docs/OPTIONS.md, tdrest(1), completions, picture
	@sh tests/tools/generate.sh $(B)

layers: $(B)/libtdrest.a ## check who includes whom, and which symbols the library needs
	sh tests/scripts/layers.sh $(B)/libtdrest.a

scripts: ## check that the checks by script can fail
	for script in layers exports docstrings examples lengths; do CC='$(CC)' sh tests/scripts/$$script.sh --self-test || exit 1; done

size: ## check the library's size: 200 KiB, 128 without optional rooms; 80 for a small program
	@$(MAKE) -s B=$(B)/sections CFLAGS='-Os -ffunction-sections -fdata-sections' LDFLAGS=-Wl,--gc-sections $(B)/sections/01_query
	@sh tests/scripts/size.sh $(B)/sections/01_query 81920
	@$(MAKE) -s B=$(B)/whole CFLAGS="-Os -fno-asynchronous-unwind-tables" LDFLAGS=-s lib
	@sh tests/scripts/size.sh $(B)/whole/$(SHARED) 204800
	@$(MAKE) -s B=$(B)/small CFLAGS="-Os -fno-asynchronous-unwind-tables" LDFLAGS=-s ASYNC= WRITER= SPOOL= ARROW= lib
	@sh tests/scripts/size.sh $(B)/small/$(SHARED)

bench: $(B)/tdrt-bench $(B)/tdrest $(B)/tdrest-sandbox ## measure library and command against libcurl and Jansson; writes build/bench.json
	$(B)/tdrt-bench $(B)/bench.json $(B)/tdrest $(B)/tdrest-sandbox $$($(MAKE) -s --no-print-directory size | tail -n 1)

demo: all $(B)/01_query $(if $(DSN),,sandbox) ## write and read over the sandbox, or DSN=http://...: in a database of its own there
	@sh tests/steps/demo.sh $(B) '$(DSN)'

live: $(B)/tdrt-live ## write and read over the server that TDREST_TEST_DSN names
	$(B)/tdrt-live tests/data/literals.jsonl

# ---- installation ----

# Without the sandbox: it is for trying out and for tests, and a server that anyone can log in to is no part of a system.
.PHONY: install install-lib install-headers install-pc install-tool uninstall
install: install-lib install-headers install-pc install-tool ## install everything; or install-lib, install-headers, install-pc, install-tool

install-lib: lib
	$(INSTALL) -d '$(DESTDIR)$(libdir)'
	$(INSTALL) -m 644 $(B)/libtdrest.a '$(DESTDIR)$(libdir)/libtdrest.a'
	$(INSTALL) -m 755 $(B)/$(SHARED) '$(DESTDIR)$(libdir)/$(SHARED)'
	ln -sf $(SHARED) '$(DESTDIR)$(libdir)/$(SHARED_LINK)'

install-headers:
	$(INSTALL) -d '$(DESTDIR)$(includedir)'
	$(INSTALL) -m 644 include/tdrest.h include/tdrest_jansson.h '$(DESTDIR)$(includedir)'

install-pc:
	$(INSTALL) -d '$(DESTDIR)$(pkgconfigdir)'
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' -e 's|@includedir@|$(includedir)|' -e 's|@version@|$(VERSION)|' \
	    tdrest.pc.in >'$(DESTDIR)$(pkgconfigdir)/tdrest.pc'
	chmod 644 '$(DESTDIR)$(pkgconfigdir)/tdrest.pc'

install-tool: tool
	$(INSTALL) -d '$(DESTDIR)$(bindir)'
	$(INSTALL) -m 755 $(B)/tdrest '$(DESTDIR)$(bindir)/tdrest'
	$(INSTALL) -d '$(DESTDIR)$(mandir)/man1' '$(DESTDIR)$(bashcompletiondir)' '$(DESTDIR)$(zshcompletiondir)' '$(DESTDIR)$(fishcompletiondir)'
	$(INSTALL) -m 644 docs/tdrest.1 '$(DESTDIR)$(mandir)/man1/tdrest.1'
	$(INSTALL) -m 644 docs/completion/tdrest.bash '$(DESTDIR)$(bashcompletiondir)/tdrest'
	$(INSTALL) -m 644 docs/completion/_tdrest '$(DESTDIR)$(zshcompletiondir)/_tdrest'
	$(INSTALL) -m 644 docs/completion/tdrest.fish '$(DESTDIR)$(fishcompletiondir)/tdrest.fish'

uninstall: ## remove what install installed
	rm -f '$(DESTDIR)$(libdir)/libtdrest.a' '$(DESTDIR)$(libdir)/$(SHARED)' '$(DESTDIR)$(libdir)/$(SHARED_LINK)' \
	    '$(DESTDIR)$(includedir)/tdrest.h' '$(DESTDIR)$(includedir)/tdrest_jansson.h' '$(DESTDIR)$(pkgconfigdir)/tdrest.pc' '$(DESTDIR)$(bindir)/tdrest' \
	    '$(DESTDIR)$(mandir)/man1/tdrest.1' '$(DESTDIR)$(bashcompletiondir)/tdrest' '$(DESTDIR)$(zshcompletiondir)/_tdrest' \
	    '$(DESTDIR)$(fishcompletiondir)/tdrest.fish'

.PHONY: help clean FORCE
help: ## print this list
	@awk -F': *[^#]*## ' '/^[a-z0-9-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' Makefile

clean: ## remove what was built
	rm -rf $(B)

endif
