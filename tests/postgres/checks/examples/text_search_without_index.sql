-- bad: none, and a B-tree
create table "Page" (id bigint primary key, "Words" tsvector);
create index on "Page" ("Words");

-- good
create table "Page" (id bigint primary key, "Words" tsvector);
create index on "Page" using gin ("Words");

-- near miss: GiST, partial, and a table that only has text
create table "Page" (id bigint primary key, "Words" tsvector, body text);
create index on "Page" using gist ("Words") where id > 0;
