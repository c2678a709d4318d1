-- bad
create table "A" (id bigint primary key);
create table b (id bigint primary key references "A" on delete cascade);
create table c (id bigint primary key references b on delete cascade);
create table d (id bigint primary key references c on delete cascade);
create table e (id bigint primary key references d on delete cascade);
create table f (id bigint primary key references e on delete cascade);

-- good
create table "A" (id bigint primary key);
create table b (id bigint primary key references "A" on delete cascade);

-- near miss: four generations, a tree, and a chain that stops halfway
create table "A" (id bigint primary key, up bigint references "A" on delete cascade);
create index on "A" (up);
create table b (id bigint primary key references "A" on delete cascade);
create table c (id bigint primary key references b on delete cascade);
create table d (id bigint primary key references c on delete cascade);
create table e (id bigint primary key references d on delete cascade);
create table f (id bigint primary key references e on delete set null);
