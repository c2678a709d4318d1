-- bad: a constraint, an index
create table "User" ("Id" bigint primary key, "eMail" text unique, tenant int, unique (tenant, "eMail"));
create unique index on "User" ("Id", tenant);

-- good
create table "User" ("Id" bigint primary key, "eMail" text unique, tenant int);
create index on "User" (tenant, "eMail");

-- near miss: a foreign key refers to it; the narrower one is partial; a primary key
create table "User" ("Id" bigint primary key, tenant int, a int, unique (tenant, "Id"));
create table "Note" (tenant int, "userId" bigint, foreign key (tenant, "userId") references "User" (tenant, "Id"));
create unique index on "User" (a) where tenant > 0;
create unique index on "User" (a, tenant);
create table t (a int unique, b int, primary key (a, b));
