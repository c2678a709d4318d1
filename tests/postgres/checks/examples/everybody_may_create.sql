-- bad
grant create, usage on schema $schema to public;

-- good
grant usage on schema $schema to public;

-- near miss: one role may
grant create on schema $schema to pg_monitor;
create table "T" (a int);
