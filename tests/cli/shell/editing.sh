# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What libedit does with keys, pasted text, sizes and signals.
at_shell 'keys: Home, End, Delete, words, kill, yank' <<'END'
wait power> 
send elect 7;<ESC>[Hs<ESC>[F<CR>
wait (1 row
seen 7
wait power> 
send xselect 8;<ESC>OH<ESC>[3~<ESC>[4~<CR>
wait (1 row
seen 8
wait power> 
send select 9 wrong wrong<^W><^W>;<CR>
wait (1 row
wait power> 
send nonsense<^U>select 10;<CR>
wait (1 row
wait power> 
send select 1<ESC>b<^D>2<^E>3;<CR>
wait (1 row
seen 23
line \q
end 0
END

at_shell 'letters, not bytes, are edited' <<'END'
wait power> 
send select '温é😀x<x7F><x7F>z';<CR>
wait (1 row
seen <NL>温éz<NL>
line \q
end 0
END

at_shell 'bytes pass whole where the locale has no UTF-8' 80 24 LC_ALL=C <<'END'
wait power> 
send select '温é';<CR>
wait (1 row
line \q
end 0
END

at_shell 'pasted text is text: TABs, line ends of all kinds, several statements' <<'END'
wait power> 
send <ESC>[200~select<TAB>1,<CR><NL> 2;<ESC>[201~
wait -> 
send <CR>
wait (1 row
seen 1 | 2
wait power> 
send <ESC>[200~select 11;<CR>select 12;<NL>select 13;<NL><ESC>[20
send 1~
wait (1 row
wait (1 row
wait (1 row
seen 13
wait power> 
send <ESC>[200~select 21;<NL>selec 22;<NL>select 23;<NL>select 24<NL><ESC>[201~
wait (2 pasted lines behind it were not run)
wait power> 
line select 25;
wait (1 row
seen 25
line \q
end 0
END

at_shell 'a pasted TAB without brackets is text as well' <<'END'
wait power> 
send select<TAB>1,<TAB>'a<TAB>b';<CR>
wait (1 row
seen a\tb
line \q
end 0
END

awk 'BEGIN {printf "wait power> \nsend <ESC>[200~"; for (i = 1; i <= 1000; i++) printf "insert into plain values (%.0f, %d, '"'x'"');<NL>", 1700000000000 + i, i;
    print "select count(*) from plain;<NL><ESC>[201~\nwait \nwait   1000<NL>(1 row\nline \\q\nend 0"}' >"$work/thousand"
at_shell 'a pasted script of 1,000 lines' <"$work/thousand"

at_shell 'history: recalled, searched; statements with passwords are not kept' 80 24 "XDG_STATE_HOME=$work/history" <<END
wait power> 
line select 101
wait -> 
line , 102;
wait (1 row
wait power> 
line create user u pass 'Secret_12345';
wait affected
wait power> 
line  select 103;
wait (1 row
wait power> 
line select 'a
wait '> 
line b';
wait (1 row
run grep -q 'select 101' '$work/history/tdrest/history'
run grep -qF 'select 101\\n, 102;' '$work/history/tdrest/history'
run ! grep -q Secret '$work/history/tdrest/history'
run ! grep -q 'select 103' '$work/history/tdrest/history'
run test "\$(find '$work/history/tdrest/history' -perm 600 | wc -l)" -eq 1
signal 9
end 137
END

at_shell 'history: of the shell before, on one line' 80 24 "XDG_STATE_HOME=$work/history" <<'END'
wait power> 
send <^R>101
wait 101
send <CR>
wait (1 row
seen 101 | 102
wait power> 
send <ESC>[A
wait select 101
send <^C>
wait ^C<NL>power> 
line \q
end 0
END

mkdir -p "$work/folder/tdrest/history"
at_shell 'history: a folder in its place is warned about once' 80 24 "XDG_STATE_HOME=$work/folder" <<'END'
wait the history is not kept
wait power> 
line select 1;
wait (1 row
unseen history
line \q
end 0
END
for file in /dev/null ''; do
    at_shell "history: in '$file'" 80 24 "TDREST_HISTORY=$file" <<'END'
wait power> 
line select 1;
wait (1 row
line \q
end 0
END
done
[ -c /dev/null ] || echo '/dev/null was replaced'

at_shell 'sizes: resized at the prompt and in a statement, down to 0' 40 10 <<'END'
wait power> 
send select 'a text that is longer than the line of the terminal', 'and more of it'
size 20 5
send <ESC>[D<ESC>[D
size 132 43
send <^E>;<CR>
wait (1 row
size 0 0
line select 31;
wait 31
size 1 1
line select 32;
wait (1 row
size 80 24
line \q
end 0
modes
END

at_shell '40 columns: what is cut is told' 40 24 <<'END'
wait power> 
line select 'a long text, much longer than the terminal is wide' as t;
wait \x shows all
line \?
wait cancels.
line \d meters
wait tag
line \q
end 0
END

shell_command=sh
at_shell 'stopped with Ctrl-Z at the prompt, and brought back' 80 24 'PS1=outer> ' 'ENV=' <<END
raw outer> 
line $tool
wait power> 
send select 99
wait select 99
send <^Z>
raw outer> 
modes
line fg
wait power> select 99
send 1;<CR>
wait (1 row
seen 991
line \\q
raw outer> 
line exit
end 0
END
shell_command=

at_shell 'signals that end it leave the terminal as it was' <<'END'
wait power> 
send select
wait select
signal 15
end 143
modes
END

at_shell 'Ctrl-\ does not end it' <<'END'
wait power> 
send select 5
wait select 5
send <^\>
send 6;<CR>
wait (1 row
line \q
end 0
END

at_shell 'a dumb terminal: plain lines' 80 24 TERM=dumb <<'END'
wait power> 
line select 61;
wait (1 row
seen 61
line \conninfo
wait by the terminal
line select 'x
wait '> 
send <^C>
wait power> 
send <^D>
end 0
modes
END

at_shell 'a terminal that nobody knows' 80 24 TERM=nosuchterminal <<'END'
wait power> 
line select 61;
wait (1 row
line \q
end 0
END

at_shell 'a server that is not there is told, and does not end the shell' 80 24 'TDREST_DSN=http://127.0.0.1:1/power?conn_retries=0' <<'END'
wait power> 
line select 1;
wait ConnectionError
wait (the next statement connects again)
wait power> 
send select * from me<TAB>
wait me
send <^C>
wait ^C<NL>power> 
line \conninfo
wait does not answer
line \q
end 0
END
