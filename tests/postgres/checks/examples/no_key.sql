-- bad: nothing at all, and a unique key that takes NULL
create table "Reading" ("Id" bigint, "at" timestamptz not null);
create table t (a int unique, b int not null);
create unique index on t (b) where a is not null;
create unique index on t ((b + 1));

-- bad: partitioned
create table "Log" ("at" timestamptz not null, id int not null) partition by range ("at");
create table l1 partition of "Log" for values from ('2026-01-01') to ('2026-02-01');
create table "Parent" (a int);
create table child (b int primary key) inherits ("Parent");

-- good
create table "Reading" ("Id" bigint primary key);

-- near miss: a unique key of columns that are not null, or in which NULL is one value
create table "T" (a int not null unique);
create table u (a int unique nulls not distinct);
create table parted (a int primary key) partition by range (a);
create table parted_1 partition of parted for values from (0) to (10);
create type shape as (a int);
create table typed of shape;
