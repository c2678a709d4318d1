-- bad: a constraint, an index
create table "User" ("Id" bigint primary key, "eMail" text, "deletedAt" timestamptz, tenant int,
    unique ("eMail", "deletedAt"));
create unique index on "User" (tenant, "eMail", "deletedAt");

-- good
create table "User" ("Id" bigint primary key, "eMail" text, "deletedAt" timestamptz);
create unique index on "User" ("eMail") where "deletedAt" is null;

-- near miss: NULL is one value; the marker is never NULL; another key keeps them apart
create table "User" ("Id" bigint primary key, "eMail" text, "deletedAt" timestamptz,
    unique nulls not distinct ("eMail", "deletedAt"));
create table b (name text, deleted_at timestamptz not null default 'infinity', unique (name, deleted_at));
create table c (name text, deleted_at timestamptz, unique (name, deleted_at));
create unique index on c (name) where deleted_at is null;
