-- bad
create table "Item" ("Id" bigint);
create rule "Keep" as on delete to "Item" do instead nothing;

-- good
create table "Item" ("Id" bigint);

-- near miss: the rule that a view is
create table "Item" ("Id" bigint);
create view v as select * from "Item";
