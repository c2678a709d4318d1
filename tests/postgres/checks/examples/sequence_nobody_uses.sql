-- bad
create sequence "Old Number";

-- good
create table "Event" ("Id" bigint generated always as identity);

-- near miss: a default names it, a function does
create sequence "Number";
create sequence other;
create table "Event" ("Id" bigint default nextval('"Number"'));
create function f() returns bigint language sql as $$ select nextval('other') $$;
