-- bad
create table "Document" ("Id" bigint);
alter table "Document" enable row level security;

-- good
create table "Document" ("Id" bigint);
alter table "Document" enable row level security;
create policy "All" on "Document" using ("Id" > 0);

-- near miss
create table "Document" ("Id" bigint);
