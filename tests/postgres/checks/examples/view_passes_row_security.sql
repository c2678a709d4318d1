-- bad
create table "Document" ("Id" bigint, owner name);
alter table "Document" enable row level security;
create view "Documents" as select "Id" from "Document";

-- good
create table "Document" ("Id" bigint, owner name);
alter table "Document" enable row level security;
create view "Documents" with (security_invoker = on) as select "Id" from "Document";

-- near miss: a table without; one whose name begins alike; forced upon the owner
create table "Document" ("Id" bigint);
alter table "Document" enable row level security;
create table "Document2" ("Id" bigint);
create view "Documents" as select "Id" from "Document2";
create table forced ("Id" bigint);
alter table forced enable row level security, force row level security;
create view seen as select * from forced;
