-- A shop with quoted names outside public, small: what stalls here stalls because it is held.
create schema "Shop";
create table "Shop"."Customer" (
  "Id" bigint generated always as identity primary key,
  "eMail" varchar(50) not null unique,
  note text
);
create table "Shop"."Order" (
  id uuid primary key default gen_random_uuid(),
  "customerId" bigint not null references "Shop"."Customer",
  amount int not null check (amount > 0),
  state text
);
insert into "Shop"."Customer" ("eMail") select 'c' || i from generate_series(1, 40) i;
insert into "Shop"."Order" ("customerId", amount, state)
  select 1 + i % 40, 1 + i, 'new' from generate_series(1, 400) i;
-- Enough rows that an index pays, for plans.
create table "Shop"."Log" (id int primary key, what text not null, at int not null);
insert into "Shop"."Log" select i, 'w' || i % 500, i from generate_series(1, 5000) i;
create index "logWhat" on "Shop"."Log" (what);
