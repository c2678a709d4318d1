-- bad: camel case, snake case
create table "Invoice" ("netPrice" float8, tax_paid real, "VAT" float8);

-- good
create table "Invoice" ("netPrice" numeric(12, 2));

-- near miss: another word, another type
create table "Invoice" ("priced" float8, weight float8, price int, amounts_to float8);
