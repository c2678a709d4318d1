-- bad: beside a constraint, a plain one beside a unique one, expressions
create table "User" ("Id" bigint primary key, "eMail" text constraint "User_eMail" unique);
create unique index "User_eMail_again" on "User" ("eMail");
create index "User_Id" on "User" ("Id");
create index one on "User" (lower("eMail")) where "Id" > 0;
create index two on "User" (lower("eMail")) where "Id" > 0;
create table parted (a int) partition by range (a);
create table part partition of parted for values from (0) to (10);
create index on parted (a);
create index "again" on part (a);

-- good
create table "User" ("Id" bigint primary key, "eMail" text unique);

-- near miss: each differs in one thing
create table "T" (a int not null, b text, c int);
create index on "T" (a, c);
create index on "T" (c, a);
create index on "T" (a, c) include (b);
create index on "T" (a, c) where c > 0;
create index on "T" (a, c desc);
create index on "T" (b);
create index on "T" (b text_pattern_ops);
create index on "T" (b collate "C");
create index on "T" using hash (b);
create unique index on "T" (a);
create unique index on "T" (a) where c is null;
