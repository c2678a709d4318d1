-- bad
create table "A" (id bigint primary key, "bId" bigint);
create table "B" (id bigint primary key, "aId" bigint not null references "A" on delete cascade);
alter table "A" add foreign key ("bId") references "B" on delete cascade;

-- good
create table "A" (id bigint primary key, "bId" bigint);
create table "B" (id bigint primary key, "aId" bigint not null references "A" on delete cascade);
alter table "A" add foreign key ("bId") references "B";

-- near miss: a tree that cascades within itself, and two ways to one table
create table "A" (id bigint primary key, up bigint references "A" on delete cascade);
create table "B" (x bigint references "A" on delete cascade, y bigint references "A" on delete cascade);
