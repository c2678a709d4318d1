-- bad: for all commands, for one
create table "Document" ("Id" bigint, owner name);
alter table "Document" enable row level security;
create policy "Open" on "Document" using (true);
create policy "Put" on "Document" for update using (true) with check (true);

-- good
create table "Document" ("Id" bigint, owner name);
alter table "Document" enable row level security;
create policy "Mine" on "Document" using (owner = current_user);

-- near miss: reading and adding alone; a restrictive one; a role
create table "Document" ("Id" bigint, owner name);
alter table "Document" enable row level security;
create policy "Read" on "Document" for select using (true);
create policy "Send" on "Document" for insert with check (true);
create policy "Narrow" on "Document" as restrictive using (true);
create policy "Admins" on "Document" to pg_monitor using (true);
