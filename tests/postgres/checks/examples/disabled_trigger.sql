-- bad
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "Noted" before update on "Item" for each row execute function note();
alter table "Item" disable trigger "Noted";
create rule "Quiet" as on delete to "Item" do instead nothing;
alter table "Item" disable rule "Quiet";

-- good
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "Noted" before update on "Item" for each row execute function note();

-- near miss: it fires on replicas
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "Noted" before update on "Item" for each row execute function note();
alter table "Item" enable replica trigger "Noted";
