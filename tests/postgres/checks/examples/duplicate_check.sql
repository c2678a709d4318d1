-- bad
create table "Item" ("Price" numeric, constraint a check ("Price" > 0), constraint "B" check ("Price" > 0));

-- good
create table "Item" ("Price" numeric, constraint a check ("Price" > 0));

-- near miss
create table "Item" ("Price" numeric, constraint a check ("Price" > 0), constraint b check ("Price" >= 0));
