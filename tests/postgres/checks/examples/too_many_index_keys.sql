-- bad
create table "Sale" (a int, b int, "C" int, d int, e int);
create index on "Sale" (a, b, "C", d, e);

-- good
create table "Sale" (a int, b int, "C" int, d int, e int);
create index on "Sale" (a, b, "C", d) include (e);

-- near miss: unique
create table "Sale" (a int, b int, "C" int, d int, e int, unique (a, b, "C", d, e));
