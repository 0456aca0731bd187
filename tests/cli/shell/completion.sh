# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Completion, which only libedit has. Names come from the sandbox.
at_shell 'completion: where a statement begins, tables, columns, tags, functions, databases' 80 24 TDREST_COMPLETION_MS=30000 <<'END'
wait power> 
send sel<TAB>
wait select 
send cur<TAB>
wait cur
send <^C>
wait ^C<NL>power> 
send select * from me<TAB>
wait meters 
send where loc<TAB>
wait location 
send <^C>
wait ^C<NL>power> 
line select location,
wait -> 
send curr<TAB>
wait current_user
send <^C>
wait ^C<NL>power> 
send select volt<TAB>
send  from meters<ESC>[H<ESC>f<ESC>f<TAB>
wait age
send <^C>
wait ^C<NL>power> 
send SELECT * FROM meters WHERE location IS NOT NULL OR<TAB>
wait ORDER
send <^C>
wait ^C<NL>power> 
send select hyper<TAB>
wait hyperloglog(
send <^C>
wait ^C<NL>power> 
send use po<TAB>
wait power 
send <^C>
wait ^C<NL>power> 
send select * from power.pl<TAB>
wait power.plain 
send <^C>
wait ^C<NL>power> 
send select * from power.<TAB>
wait meters
wait power> select * from power.
send <^C>
wait ^C<NL>power> 
send select * from information_schema.ins_ta<TAB>
wait information_schema.ins_ta
send <^C>
wait ^C<NL>power> 
send drop table ab<TAB>
wait `Abc` 
send <^C>
wait ^C<NL>power> 
send select 1; select * from pl<TAB>
wait plain 
send <^C>
wait ^C<NL>power> 
send \ti<TAB>
wait \timing 
send <^C>
wait ^C<NL>power> 
send \d me<TAB>
wait meters 
send <^C>
wait ^C<NL>power> 
send \f mark<TAB>
wait markdown 
send <^C>
wait ^C<NL>power> 
send \u pow<TAB>
wait \u power 
send <^C>
wait ^C<NL>power> 
line \q
end 0
modes
END

at_shell 'completion: several choices are listed; a table of columns with a qualifier' 80 24 TDREST_COMPLETION_MS=30000 <<'END'
wait power> 
send select * from <TAB>
wait meters
wait power> select * from 
send <^C>
wait ^C<NL>power> 
send select * from meters m where m.gr<TAB>
wait groupid 
send <^C>
wait ^C<NL>power> 
send select 1 from d1 where d1.volt<TAB>
wait voltage 
send <^C>
wait ^C<NL>power> 
line \q
end 0
END

at_shell 'completion: none in texts and comments; child tables from three letters on' <<'END'
wait power> 
send select 'me<TAB>' ;<CR>
wait (1 row
seen me\t<NL>
line \q
end 0
END

at_shell 'completion: a stopped server costs little, Ctrl-C stops it, and words of SQL remain' <<END
wait power> 
run kill -STOP $sandbox_pid
send describe me<TAB>
raw <^G>
send x
wait mex
send <^C>
wait ^C<NL>power> 
send select * from meters wher<TAB>
wait where 
send <^C>
wait ^C<NL>power> 
run kill -CONT $sandbox_pid
line select 1;
wait (1 row
line \\q
end 0
modes
END
