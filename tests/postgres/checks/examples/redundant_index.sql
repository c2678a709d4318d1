-- bad: beside a longer one, beside a unique constraint
create table "Order" ("Id" bigint primary key, "customerId" bigint, placed timestamptz,
    unique (placed, "Id"));
create index "a" on "Order" ("customerId");
create index "b" on "Order" ("customerId", placed);
create index "c" on "Order" (placed);

-- good
create table "Order" ("Id" bigint primary key, "customerId" bigint, placed timestamptz);
create index "b" on "Order" ("customerId", placed);

-- near miss: sorted otherwise, partial, unique, another method, not the beginning, included more
create table "T" (a int, b int, c text, d int);
create index on "T" (a, b, c) where d > 0;
create index on "T" (a desc);
create index on "T" (b);
create unique index on "T" (a);
create index on "T" using hash (a);
create index on "T" (a nulls first) include (d);
create index on "T" (c collate "C");
create index on "T" (c, a);

-- near miss: the longer one is far longer
create table "T" (a int, b int, c int, d int, e text);
create index on "T" (c);
create index on "T" (c, e, a);
create index on "T" (a);
create index on "T" (a, b, c, d);
create index on "T" (b);
create index on "T" (b, c) include (a, d);
