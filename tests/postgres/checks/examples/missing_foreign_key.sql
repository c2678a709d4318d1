-- bad: singular, plural, camel case
create table "UserAccount" ("Id" bigint primary key);
create table categories (id int primary key);
create table "Note" (id bigint primary key, "userAccountId" bigint, category_id int);

-- good
create table "UserAccount" ("Id" bigint primary key);
create table "Note" (id bigint primary key, "userAccountId" bigint references "UserAccount");

-- near miss: another type; no such table; one column of a key that has two
create table "UserAccount" ("Id" bigint primary key);
create table "Note" (id bigint primary key, "userAccountId" text, stripe_id bigint);
create table a (x int, y int, primary key (x, y));
create table b (a_id int);
