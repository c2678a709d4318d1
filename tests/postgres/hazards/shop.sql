-- The database before every migration of the corpus: small, but every table that counts has rows.
create table customers (
    id integer primary key, email varchar(100), name text, country char(2), city varchar(50),
    balance numeric(10, 2) not null default 0, seen timestamp, referrer integer, note text
);
create table orders (
    id integer primary key, customer_id integer not null, status text not null default 'new',
    total numeric(10, 2), placed_at timestamptz not null default now(), code varchar(20),
    token text, note text, amount integer not null default 1, legacy text
);
create index orders_customer_id_idx on orders (customer_id);
create index orders_status_idx on orders (status);
create index orders_code_idx on orders (code);
create table items (id integer primary key, order_id integer not null, sku text, box int4range,
    position integer);
alter table items add constraint items_order_id_fkey foreign key (order_id) references orders;
create table tags (id integer primary key, name text);
create table archive (id integer, body text);
create view order_codes as select id, code from orders;
create materialized view totals as
    select customer_id, sum(total) as total from orders group by customer_id;
create type mood as enum ('sad', 'glad');
create table diary (id integer primary key, mood mood not null default 'sad', words text);
create domain quantity as integer;
create table stock (id integer primary key, held quantity);
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create table events (id bigint not null, at date not null, kind text) partition by range (at);
create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
create table readings (id bigint not null, at date not null, value numeric) partition by range (at);
create table readings_2024 partition of readings for values from ('2024-01-01') to ('2025-01-01');
create table readings_2025 partition of readings for values from ('2025-01-01') to ('2026-01-01');
create table readings_rest partition of readings default;
create table readings_2026 (id bigint not null, at date not null, value numeric);
create table events_2026 (id bigint not null, at date not null, kind text);
create schema "Sales";
create table "Sales"."Line Item" ("Id" integer primary key, "orderId" integer, "Qty" integer);

insert into customers (id, email, name, country, city, seen, referrer)
select n, 'c' || n || '@example.org', 'Customer ' || n, 'NL', 'Utrecht', '2025-05-05 12:00', n
from generate_series(1, 2000) n;
insert into orders (id, customer_id, status, total, placed_at, code, token, amount)
select n, 1 + n % 2000, 'paid', n % 90, '2025-05-05 12:00+00', 'A' || n, 't' || n, 1 + n % 9
from generate_series(1, 4000) n;
insert into items select n, 1 + n % 4000, 'sku' || n, int4range(n, n + 1), n from generate_series(1, 3000) n;
insert into tags select n, 'tag ' || n from generate_series(1, 5) n;
insert into archive select n, 'body' from generate_series(1, 1500) n;
insert into diary select n, 'glad', 'words' from generate_series(1, 1500) n;
insert into stock select n, n from generate_series(1, 1500) n;
insert into events select n, '2024-02-02', 'k' from generate_series(1, 1500) n;
insert into events select n, '2025-02-02', 'k' from generate_series(1, 1500) n;
insert into readings select n, '2024-02-02', 1 from generate_series(1, 1500) n;
insert into readings select n, '2030-02-02', 1 from generate_series(1, 1500) n;
insert into readings_2026 select n, '2026-02-02', 1 from generate_series(1, 1500) n;
insert into events_2026 select n, '2026-02-02', 'k' from generate_series(1, 1500) n;
insert into "Sales"."Line Item" select n, 1 + n % 4000, n % 7 from generate_series(1, 1500) n;
refresh materialized view totals;
create unique index totals_customer_id on totals (customer_id);
