-- bad
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "R rest" partition of "Readings" default;
insert into "Readings" values ('2026-01-01', 1);

-- good
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "R rest" partition of "Readings" default;
create table "R 01" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
insert into "Readings" values ('2026-01-01', 1);

-- near miss: by list, where the default is the rest
create table "Words" ("Word" text not null) partition by list ("Word");
create table "W rest" partition of "Words" default;
insert into "Words" values ('a');
