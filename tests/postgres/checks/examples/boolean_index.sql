-- bad
create table "Message" (id bigint primary key, "isSent" boolean);
create index on "Message" ("isSent");

-- good
create table "Message" (id bigint primary key, "isSent" boolean);
create index on "Message" (id) where "isSent";

-- near miss: one key of several; partial
create table "Message" (id bigint primary key, "isSent" boolean, due timestamptz);
create index on "Message" ("isSent", due);
create index on "Message" ("isSent") where due is not null;
