-- bad: two tables
create table "A" (id bigint primary key, "bId" bigint not null);
create table "B" (id bigint primary key, "aId" bigint not null references "A");
alter table "A" add foreign key ("bId") references "B";

-- bad: three tables, and a fourth that hangs on them
create table a (id bigint primary key, b bigint not null);
create table b (id bigint primary key, c bigint not null);
create table c (id bigint primary key, a bigint not null references a);
create table d (id bigint primary key, a bigint not null references a);
alter table a add foreign key (b) references b;
alter table b add foreign key (c) references c;

-- good
create table "A" (id bigint primary key, "bId" bigint not null);
create table "B" (id bigint primary key, "aId" bigint not null references "A");
alter table "A" add foreign key ("bId") references "B" deferrable;

-- near miss: one column takes NULL; a table that refers to itself
create table a (id bigint primary key, b bigint);
create table b (id bigint primary key, a bigint not null references a);
alter table a add foreign key (b) references b;
create table tree (id bigint primary key, up bigint not null references tree);
