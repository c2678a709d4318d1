-- bad
create table "Account" ("Iban" char(34), codes char(2)[]);

-- good
create table "Account" ("Iban" text);

-- near miss: one character pads nothing
create table "Account" ("Kind" char(1), "Name" varchar(34), flag "char");
