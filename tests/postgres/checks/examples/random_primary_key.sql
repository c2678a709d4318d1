-- since: 18
-- bad
create table "Event" ("Id" uuid primary key default gen_random_uuid());

-- good
create table "Event" ("Id" uuid primary key default uuidv7());

-- near miss: no key, no default
create table "Event" ("Id" uuid primary key, token uuid default gen_random_uuid());
