-- bad
create table "Price" (item bigint not null, "Region" text, unique (item, "Region"));
create unique index on "Price" ("Region", item);

-- good
create table "Price" (item bigint not null, "Region" text, unique nulls not distinct (item, "Region"));

-- near miss: partial; all of them take NULL
create table "Price" (item bigint not null, "Region" text, x int, unique (x, "Region"));
create unique index on "Price" (item, "Region") where "Region" is not null;
