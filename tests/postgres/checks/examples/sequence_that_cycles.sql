-- bad
create table "Event" ("Id" bigint generated always as identity (cycle) primary key);

-- good
create table "Event" ("Id" bigint generated always as identity primary key);

-- near miss: the column is not unique by itself
create table "Slot" ("Id" bigint generated always as identity (cycle), day date, primary key (day, "Id"));
