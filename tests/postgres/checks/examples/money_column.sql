-- bad
create table "Invoice" ("Total" money not null);

-- good
create table "Invoice" ("Total" numeric(12, 2) not null);

-- near miss: called so
create table "Invoice" ("money" numeric, money_cents bigint);
