-- bad
create table "Shop" ("Opens" timetz, closes timetz[]);

-- good
create table "Shop" ("Opens" time);

-- near miss
create table "Shop" ("Opened" timestamptz);
