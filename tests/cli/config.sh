# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The configuration file, profiles, and which value wins.
mkdir -p "$work/xdg/tdrest"
config=$work/xdg/tdrest/config
conf() { env XDG_CONFIG_HOME="$work/xdg" "$@"; }
# value KEY: what `tdrest options` says of it, blanks as one.
value_is() {
    sed -n "s/^$1  *//p" "$work/out" | tr -s ' ' >"$work/value"
    [ "$(cat "$work/value")" = "$2" ] || complain "$1 is $(cat "$work/value"), not $2"
}

cat >"$config" <<'END'
# general
timezone = Asia/Shanghai
  timeout-ms=  1234
app = " x # y "

[dev]
host = dev.example
connect_timeout_ms = 77
; not a value
[Prod]
dsn = http://reader@prod.example:7777/power?retry_backoff_ms=300
timezone = Europe/Berlin
END

case_of 'config: every option, its value and where it is from' conf "$tool" options
status_is 0
err_is_empty
value_is timezone 'Asia/Shanghai line 2'
value_is timeout_ms '1234 line 3'
value_is app 'x # y line 4'
value_is host "${replay_url#http://} TDREST_DSN"
value_is password '*** default'
value_is stall_timeout_ms '300000 default'
says out "configuration file: $config (read)"

case_of 'config: every value begins in one column' sh -c "'$tool' -X options | awk 'NR > 2 {match(\$0, /^[^ ]+ +/); print RLENGTH}' | sort -u"
status_is 0
echo 21 | out_is

case_of 'config: a profile' conf env -u TDREST_DSN "$tool" --profile Prod options
status_is 0
err_is_empty
says out 'profile: Prod (--profile)'
value_is host 'prod.example:7777 line 11, profile Prod'
value_is user 'reader line 11, profile Prod'
value_is retry_backoff_ms '300 line 11, profile Prod'
value_is timezone 'Europe/Berlin line 12, profile Prod'
value_is timeout_ms '1234 line 3'

case_of 'config: a profile by the environment, which goes before other variables' conf env -u TDREST_DSN TDREST_PROFILE=dev TDREST_CONNECT_TIMEOUT_MS=9 TDREST_APP=env "$tool" options
status_is 0
says out 'profile: dev (TDREST_PROFILE)'
value_is connect_timeout_ms '77 line 8, profile dev'
value_is app 'env TDREST_APP'
err_is <<'END'
tdrest: warning: profile dev is used, not TDREST_CONNECT_TIMEOUT_MS of the environment
END

case_of 'config: a profile must not lose to TDREST_DSN' conf env TDREST_DSN=http://root:secret@forgotten.example/db "$tool" --profile dev options
status_is 0
value_is host 'dev.example line 7, profile dev'
value_is database '- default'
value_is user 'root default'
err_is <<'END'
tdrest: warning: profile dev is used, not TDREST_DSN of the environment
END

case_of 'config: flags win' conf "$tool" --profile Prod -u http://flag.example --timezone UTC -d x options
status_is 0
value_is host 'flag.example --dsn'
value_is user 'root default'
value_is timezone 'UTC --timezone'
value_is database 'x --db'
value_is retry_backoff_ms '200 default'

case_of 'config: the environment wins over the general part' conf env TDREST_TIMEZONE=UTC "$tool" options
value_is timezone 'UTC TDREST_TIMEZONE'
case_of 'config: not read' conf env TDREST_PROFILE=dev "$tool" -X options
status_is 0
value_is timezone 'UTC default'
says out 'configuration file: not read (--no-config)'

case_of 'config: it is used by statements' conf "$tool" 'select * from wire_ns.e1'
status_is 0
says out '2024-03-01T07:59:59.999999999+08:00,,'

case_of 'config: no such profile' conf "$tool" --profile prod 'select 1'
status_is 2
err_is <<END
tdrest: profile 'prod' is not in $config; it has dev, Prod
END
case_of 'config: a profile without a file' env XDG_CONFIG_HOME="$work/none" "$tool" --profile prod 'select 1'
status_is 2
says err "profile 'prod': there is no configuration file $work/none/tdrest/config"
for base in relative/path '' "$work/none"; do
    case_of "config: XDG_CONFIG_HOME is '$base'" env HOME="$work" XDG_CONFIG_HOME="$base" "$tool" options
    status_is 0
    says out "configuration file: ${base#relative/path}"
done
case_of 'config: in HOME' sh -c "mkdir -p '$work/.config/tdrest'; printf '\357\273\277timezone = UTC\r\n' >'$work/.config/tdrest/config'; env HOME='$work' XDG_CONFIG_HOME= '$tool' options"
status_is 0
value_is timezone 'UTC line 1'
case_of 'config: neither is set' env -u HOME -u XDG_CONFIG_HOME "$tool" options
status_is 0
says out 'configuration file: none'

# refused TEXT MESSAGE
wrong() {
    printf "$1" >"$config"
    chmod 600 "$config"
    case_of "config: refused: $2" conf "$tool" options
    status_is 2
    out_is_empty
    err_is <<END
tdrest: configuration file $config$2
END
}
wrong 'a\npasword = x\n' ', line 1: expected KEY = VALUE'
wrong '\npasword = x\n' ', line 2: unknown option pasword; did you mean password?'
wrong 'frobnicate = x\n' ', line 1: unknown option frobnicate'
wrong 'format = csv\n' ', line 1: unknown option format'
wrong 'app = x\nApp = y\n' ', line 2: set twice in one part: app'
wrong '[a]\n[b]\n[a]\n' ', line 3: this profile is there twice: a'
wrong 'ignore-unknown = yes\n' ", line 1: ignore-unknown: expected true or false, not 'yes'"
wrong 'ignore-unknown = false\nnew = x\n' ', line 2: unknown option new'
wrong '[a\n' ', line 1: expected [NAME] of a profile'
wrong '[ ]\n' ', line 1: the name of the profile is empty'
wrong '\377\376a\0' ': it is UTF-16; iconv -f UTF-16 -t UTF-8 FILE | tdrest ... reads it'
wrong 'app = x\0y\n' ': there is a NUL in it'

printf 'timeout_ms = soon\n' >"$config"
case_of 'config: a value that is none' conf "$tool" options
status_is 2
says err "tdrest: InterfaceError: timeout_ms: expected 0 to 86400000 milliseconds, not 'soon'"
says err "($config, line 1)"
printf 'app = x\ndsn = http://a b\n' >"$config"
case_of 'config: a DSN that is none' conf env -u TDREST_DSN "$tool" options
status_is 2
says err "tdrest: InterfaceError: host: expected letters, digits, - _ and . in a name, not a space ($config, line 2, byte 9 of the DSN)"
printf 'app = x\ndsn = http://a:\n' >"$config"
case_of 'config: a DSN that ends too early' conf env -u TDREST_DSN "$tool" options
status_is 2
says err "tdrest: InterfaceError: host: expected a port from 1 to 65535 ($config, line 2, at the end of the DSN)"
printf 'ignore-unknown = true\nnew_option = 1\napp = y\n[p]\nother = 2\n' >"$config"
case_of 'config: unknown keys where they are allowed' conf "$tool" options
status_is 0
value_is app 'y line 3'

for secret in 'password = a#b;c ' 'token = x' 'bearer_token = x' 'dsn = http://u:secret@h' 'dsn = http://h/?password=secret'; do
    printf '%s\n' "$secret" >"$config"
    chmod 640 "$config"
    case_of "config: others may read: ${secret%% *}" conf env -u TDREST_DSN "$tool" options
    status_is 2
    says err "line 1: it holds a password and other users can access it; use chmod 600"
    chmod 600 "$config"
    case_of "config: others may not: ${secret%% *}" conf env -u TDREST_DSN "$tool" options
    status_is 0
    grep -q 'secret\|a#b' "$work/out" "$work/err" && complain 'the secret is shown'
done
printf 'password = wrong \r\n' >"$config"
case_of 'config: a wrong password is used' conf env TDREST_DSN="http://127.0.0.1:${replay_url##*:}" "$tool" 'select 1'
status_is 3
says err '0x0357'
printf 'password = taosdata\r\n' >"$config"
case_of 'config: the password is used' conf env TDREST_DSN="http://root@127.0.0.1:${replay_url##*:}" "$tool" 'select 1'
status_is 0
printf 'app = x' >"$config"
chmod 644 "$config"
case_of 'config: others may read what is no secret' conf "$tool" options
status_is 0
rm -f "$config"
mkdir "$config"
case_of 'config: a folder' conf "$tool" options
status_is 2
says err "configuration file $config: Is a directory"
rmdir "$config"
