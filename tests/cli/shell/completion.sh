# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Completion, which only libedit has. Names come from the sandbox.
at_shell 'completion: where a statement begins, tables, columns, tags, functions, databases' <<'END'
wait power> 
send sel<TAB>
wait select 
send cur<TAB>
wait cur
send <^C>
wait power> 
send select * from me<TAB>
wait meters 
send where loc<TAB>
wait location 
send <^C>
wait power> 
line select location,
wait -> 
send curr<TAB>
wait current_user
send <^C>
wait power> 
send select volt<TAB>
send  from meters<ESC>[H<ESC>f<ESC>f<TAB>
wait age
send <^C>
wait power> 
send select m.gro<TAB> from meters m<^A><^C>
wait power> 
send SELECT * FROM meters WHERE location IS NOT NULL OR<TAB>
wait ORDER
send <^C>
wait power> 
send select hyper<TAB>
wait hyperloglog(
send <^C>
wait power> 
send use po<TAB>
wait power 
send <^C>
wait power> 
send select * from power.pl<TAB>
wait power.plain 
send <^C>
wait power> 
send drop table ab<TAB>
wait `Abc` 
send <^C>
wait power> 
send select 1; select * from pl<TAB>
wait plain 
send <^C>
wait power> 
send \ti<TAB>
wait \timing 
send <^C>
wait power> 
send \d me<TAB>
wait meters 
send <^C>
wait power> 
send \f mark<TAB>
wait markdown 
send <^C>
wait power> 
send \u pow<TAB>
wait \u power 
send <^C>
wait power> 
line \q
end 0
modes
END

at_shell 'completion: several choices are listed; a table of columns with a qualifier' <<'END'
wait power> 
send select * from <TAB><TAB>
wait meters
wait power> select * from 
send <^C>
wait power> 
send select * from meters m where m.gr<TAB>
wait groupid 
send <^C>
wait power> 
send select 1 from d1 where d1.volt<TAB>
wait voltage 
send <^C>
wait power> 
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
send x
wait mex
send <^C>
wait power> 
send select * from meters wher<TAB>
wait where 
send <^C>
wait power> 
run kill -CONT $sandbox_pid
line select 1;
wait (1 row
line \\q
end 0
modes
END
