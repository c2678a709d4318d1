-- bad: the column ends before the sequence; downwards
create table "Event" ("Id" integer primary key);
create sequence "Event ids" owned by "Event"."Id";
select setval('"Event ids"', 2000000000);
create sequence down increment -1 minvalue -100 maxvalue -1;
select setval('down', -99);

-- good
create table "Event" ("Id" bigint primary key);
create sequence "Event ids" owned by "Event"."Id";
select setval('"Event ids"', 2000000000);

-- near miss: half way, never used, begins again, starts high
create table half (id integer generated always as identity primary key);
select setval(pg_get_serial_sequence('half', 'id'), 1000000000);
create sequence never maxvalue 2;
create sequence round maxvalue 100 cycle;
select setval('round', 100);
create sequence high start 900 maxvalue 1000;
select setval('high', 910);
