-- bad
create table "Author" ("Name" varchar(255), tags varchar(9)[]);

-- good
create table "Author" ("Name" text);

-- near miss: no length; another type with one
create table "Author" ("Name" varchar, code char(2), flags bit(3));
