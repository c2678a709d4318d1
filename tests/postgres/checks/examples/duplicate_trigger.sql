-- bad
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "A" before update on "Item" for each row execute function note('x');
create trigger b before update on "Item" for each row execute function note('x');

-- good
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "A" before update on "Item" for each row execute function note('x');

-- near miss: other arguments, another event, another time
create table "Item" ("Id" bigint);
create function note() returns trigger language plpgsql as 'begin return new; end';
create trigger "A" before update on "Item" for each row execute function note('x');
create trigger b before update on "Item" for each row execute function note('y');
create trigger c before insert on "Item" for each row execute function note('x');
create trigger d after update on "Item" for each row execute function note('x');
