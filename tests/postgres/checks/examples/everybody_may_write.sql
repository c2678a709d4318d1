-- bad: the table, one column
create table "Setting" ("Name" text, value text);
grant insert, truncate on "Setting" to public;
create table t (a int, "B" int);
grant update ("B") on t to public;

-- good
create table "Setting" ("Name" text, value text);
grant select on "Setting" to public;

-- near miss: a role
create table "Setting" ("Name" text, value text);
grant insert on "Setting" to pg_monitor;
