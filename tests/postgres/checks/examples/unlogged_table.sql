-- bad
create unlogged table "Basket" ("Id" bigint generated always as identity);
create unlogged sequence "Number";

-- good
create table "Basket" ("Id" bigint generated always as identity);

-- near miss
create table "unlogged" (unlogged boolean);
