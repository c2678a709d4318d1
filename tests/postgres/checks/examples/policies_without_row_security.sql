-- bad
create table "Document" ("Id" bigint, owner name);
create policy "Mine" on "Document" using (owner = current_user);

-- good
create table "Document" ("Id" bigint, owner name);
create policy "Mine" on "Document" using (owner = current_user);
alter table "Document" enable row level security;

-- near miss: neither
create table "Document" ("Id" bigint, owner name);
