-- bad
create table "Orders" ("Number" text not null, "Day" date not null) partition by range ("Day");
create table "Orders 01" partition of "Orders" for values from ('2026-01-01') to ('2026-02-01');
create table "Orders 02" partition of "Orders" for values from ('2026-02-01') to ('2026-03-01');
alter table "Orders 01" add unique ("Number");
alter table "Orders 02" add unique ("Number");

-- good
create table "Orders" ("Number" text not null, "Day" date not null) partition by range ("Day");
create table "Orders 01" partition of "Orders" for values from ('2026-01-01') to ('2026-02-01');
create table "Orders 02" partition of "Orders" for values from ('2026-02-01') to ('2026-03-01');
alter table "Orders" add unique ("Number", "Day");

-- near miss: of the whole table by a narrower key, of one partition alone, not unique
create table orders (number text not null, day date not null) partition by range (day);
create table orders_01 partition of orders for values from ('2026-01-01') to ('2026-02-01');
create table orders_02 partition of orders for values from ('2026-02-01') to ('2026-03-01');
alter table orders add unique (day);
create unique index on orders_01 (day, number);
create unique index on orders_02 (day, number);
create unique index on orders_01 (number);
create index on orders_02 (number);
