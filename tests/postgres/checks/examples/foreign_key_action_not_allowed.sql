-- option on_delete: ["restrict", "no action"]
-- option on_update: ["no action"]
-- bad
create table "A" ("Id" bigint primary key);
create table "B" ("aId" bigint references "A" on delete cascade, "a2Id" bigint references "A" on update cascade);

-- good
create table "A" ("Id" bigint primary key);
create table "B" ("aId" bigint references "A" on delete restrict);

-- near miss
create table "A" ("Id" bigint primary key);
create table "B" ("aId" bigint references "A");
