-- bad
create table "Country" ("Code" text not null unique);

-- good
create table "Country" ("Code" text primary key);

-- near miss: a key that takes NULL, none at all
create table "Country" ("Code" text unique);
create table t (a int);
