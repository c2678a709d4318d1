-- bad
create sequence "Event Seq";
create table "Event" ("Id" bigint primary key default nextval('"Event Seq"'));

-- good
create table "Event" ("Id" bigserial primary key);

-- near miss: two tables share it; nobody uses it by default
create sequence shared;
create sequence loose;
create table "A" ("Id" bigint default nextval('shared'));
create table "B" ("Id" bigint default nextval('shared'));
