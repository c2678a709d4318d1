-- bad
create table "Item" (id bigint primary key, "Tags" text[], d jsonb, v tsvector);
create index on "Item" ("Tags");
create index on "Item" (d);
create index on "Item" (v desc) where id > 0;

-- good
create table "Item" (id bigint primary key, "Tags" text[], d jsonb, v tsvector);
create index on "Item" using gin ("Tags");
create index on "Item" using gin (d, v);

-- near miss: an expression, a unique key, one key of several
create table "Item" (id bigint primary key, "Tags" text[], d jsonb);
create index on "Item" ((d ->> 'kind'));
create unique index on "Item" ("Tags");
create index on "Item" (id, d);
