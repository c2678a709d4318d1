-- bad
create table "user" ("Id" bigint primary key);
create table "Span" ("end" timestamptz, "desc" text);

-- good
create table users ("Id" bigint primary key);

-- near miss: words that are not reserved
create table "User" (name text, value int, "position" int, "Order" int);
