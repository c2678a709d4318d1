-- bad
create table "Place" ("Id" bigint primary key);
create table "Town" (mayor text) inherits ("Place");

-- good
create table "Place" ("Id" bigint primary key);
create table "Town" ("placeId" bigint primary key references "Place");

-- near miss: a partition
create table "Place" ("Id" bigint primary key) partition by range ("Id");
create table p1 partition of "Place" for values from (0) to (10);
