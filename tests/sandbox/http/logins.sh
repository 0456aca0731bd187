# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Who may ask. Read by tests/steps/sandbox.sh, in its words.

login_is() {
    plain /rest/sql -d 'select 1' -H "Authorization: $1"
    error_is "$2" "$3" "$4"
}

logins() {
    case_of 'Basic'
    plain /rest/sql -d 'select 1' -H "Authorization: Basic $basic"
    is 200 "$one"
    case_of 'Basic that is none'
    for text in '!!!' "${basic%=}" " $basic" "$(printf root | base64)" "$(printf ':taosdata' | base64)" "$(printf 'root:' | base64)" \
        "$basic=" "=$basic"; do
        login_is "Basic $text" 401 4388 'invalid basic Authorization'
    done
    case_of 'no scheme that is known'
    for text in 'Digest abc' "basic $basic" 'Basic' 'Taosd ' Bearer "Basic:$basic"; do
        login_is "$text" 401 4386 'invalid type of Authorization'
    done
    case_of 'an empty header'
    plain /rest/sql -d 'select 1' -H 'Authorization;'
    error_is 401 4357 'no auth info input'
    case_of 'the first of two headers counts'
    plain /rest/sql -d 'select 1' -H "Authorization: Basic $basic" -H 'Authorization: Digest abc'
    is 200 "$one"
    case_of 'Bearer'
    login_is 'Bearer nosuchtoken' 200 849 'Invalid user'
    plain '/rest/sql?token=' -d 'select 1' -H 'Authorization: Bearer nosuchtoken'
    error_is 401 4386 'invalid type of Authorization'
    case_of 'wrong password, unknown user'
    plain /rest/sql -d 'select 1' -u root:wrong
    error_is 200 855 'Authentication failure'
    plain /rest/sql -d 'select 1' -u Root:taosdata
    error_is 200 849 'Invalid user'
    case_of 'names and passwords that are too long'
    plain /rest/sql -d 'select 1' -u "$(printf %023d 0):taosdata"
    error_is 200 849 'Invalid user'
    plain /rest/sql -d 'select 1' -u "$(printf %024d 0):taosdata"
    error_is 200 519 'Invalid user name'
    plain /rest/sql -d 'select 1' -u "root:$(printf %0255d 0)"
    error_is 200 855 'Authentication failure'
    plain /rest/sql -d 'select 1' -u "root:$(printf %0300d 0)"
    error_is 200 520 'Invalid password length'
    case_of '/rest/login'
    plain /rest/login/root/taosdata
    is 200 "{\"code\":0,\"desc\":\"$token\"}"
    has 'Content-Length: 84'
    plain /rest/login/root/nope
    error_is 401 3 'Authentication failure'
    plain "/rest/login/$(printf %024d 0)/taosdata"
    error_is 401 3 'Authentication failure'
    plain "/rest/login/$(printf %025d 0)/taosdata"
    error_is 400 4362 'generate taosd token error'
    plain /rest/login//taosdata
    error_is 400 4362 'generate taosd token error'
    plain '/rest/login/root/taosdata?req_id=x'
    is 400
    case_of 'Taosd'
    plain /rest/sql -d 'select 1' -H "Authorization: Taosd $token"
    is 200 "$one"
    for text in AAAA "${token}AAAA" '!' "${token%????}"; do
        login_is "Taosd $text" 401 4389 'invalid taosd Authorization'
    done
    login_is "Taosd $(echo "$token" | sed s/bEl8/bEl9/)" 200 855 'Authentication failure'
}

# login_of USER:PASSWORD CODE TEXT: how a statement of that user ends; code 0: with success.
login_of() {
    plain /rest/sql -d 'select 1' -u "$1"
    if [ "$2" = 0 ]; then is 200 "$one"; else error_is 200 "$2" "$3"; fi
}

users() {
    case_of 'a user: made, with another password, disabled, gone'
    sql "create user alice pass 'Secret_12345'"
    value_is 0
    login_of alice:Secret_12345 0
    login_of alice:secret_12345 855 'Authentication failure'
    plain '/rest/login/alice/Secret_12345'
    says '"code":0'
    plain '/rest/login/alice/wrong'
    says '"code":3,"desc":"Authentication failure"'
    sql "alter user alice pass 'Other_12345'"
    login_of alice:Secret_12345 855 'Authentication failure'
    login_of alice:Other_12345 0
    sql 'alter user alice enable 0'
    login_of alice:Other_12345 789 'User is disabled'
    sql 'alter user alice enable 1'
    login_of alice:Other_12345 0
    sql 'drop user alice'
    login_of alice:Other_12345 849 'Invalid user'
    login_of root:taosdata 0
}
