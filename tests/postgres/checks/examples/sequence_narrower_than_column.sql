-- bad: serial, identity
create table "Event" ("Id" serial primary key);
alter table "Event" alter "Id" type bigint;
create table t (id int generated always as identity (sequence name "T Seq"));
alter sequence "T Seq" as smallint;

-- good
create table "Event" ("Id" bigserial primary key);

-- near miss: wider than the column; text
create table "Event" ("Id" int);
create sequence s owned by "Event"."Id";
create table t (code text);
create sequence codes as int owned by t.code;
