-- option columns: ["created_at timestamptz not null default now()"]
-- bad
create table "Author" ("Id" bigint primary key, "createdAt" timestamptz);

-- good
create table "Author" ("Id" bigint primary key, created_at timestamptz);

-- near miss: another type, which is left to others
create table "Author" (created_at date);
create view v as select 1 as a;
