-- Everything a catalog holds, at least once, under names that are hard to quote.
-- Run in one transaction on an empty database.
create extension btree_gist;
create extension citext with schema public;

create role "reader" nologin;
create role "Ünt el" nologin;

create schema shop;
create schema "Straße";
comment on schema shop is 'what is sold';
grant usage on schema shop to reader;

create collation shop.backwards (provider = libc, locale = 'C');

create type shop.status as enum ('open', 'Paid', 'it''s', 'über');
alter type shop.status add value 'between' after 'open';
comment on type shop.status is 'order status';
create domain shop.email as varchar(255) collate "C" not null default 'n/a'
  constraint has_at check (value like '%@%' or value = 'n/a');
create domain shop.emails as shop.email[];
comment on domain shop.email is 'an address';
comment on constraint has_at on domain shop.email is 'an at sign';
create type shop.money_amount as (amount numeric(12,3), currency char(3));
comment on column shop.money_amount.currency is 'ISO 4217';
create type shop.textrange as range (subtype = text, collation = "C");
revoke usage on type shop.status from public;
grant usage on type shop.status to reader;

create sequence shop.numbers as integer increment by 5 minvalue 10 maxvalue 1000 start with 20
  cache 3 cycle;
comment on sequence shop.numbers is 'invoice numbers';
grant usage on sequence shop.numbers to reader with grant option;

create function shop.touch() returns trigger language plpgsql as $$
begin new.updated_at := now(); return new; end $$;
create function shop.double(n integer, out twice integer) immutable strict language sql
  as 'select n * 2';
create function shop.secret(text default 'a') returns text language sql stable security definer
  set search_path = pg_catalog, pg_temp as 'select $1';
revoke execute on function shop.secret(text) from public;
grant execute on function shop.secret(text) to reader;
comment on function shop.double(integer) is 'twice';
create procedure shop.tidy(inout n integer) language plpgsql as 'begin n := 0; end';
create aggregate shop.longest(text) (
  sfunc = pg_catalog.textcat, stype = text, initcond = '', parallel = safe
);
create function shop.on_ddl() returns event_trigger language plpgsql as 'begin end';

create table shop.customers (
  id bigint generated always as identity (start with 100 increment by 2) primary key,
  name varchar(40) not null,
  email shop.email,
  others shop.emails,
  code char(3) collate "C" not null default 'abc',
  nick citext,
  flags bit varying(12),
  price numeric(10,2) default 0.00,
  ratio numeric,
  tiny numeric(3,-2),
  at time(3) with time zone,
  seen timestamptz(0) default '2020-01-01 00:00:00+00',
  span interval(2),
  tags varchar(20)[] not null default '{}',
  status shop.status not null default 'open',
  total shop.money_amount,
  twice numeric generated always as (price * 2) stored,
  note text compression pglz,
  gone integer,
  body text,
  period daterange,
  updated_at timestamptz not null default now(),
  constraint "price is right" check (price >= 0 and price < 1000),
  constraint known_code check (code in ('abc', 'def')) no inherit,
  constraint customers_email_key unique nulls not distinct (email),
  constraint one_name unique (name) include (code) deferrable initially deferred,
  constraint no_overlap exclude using gist (id with =, period with &&) where (period is not null)
    deferrable
);
alter table shop.customers drop column gone;
alter table shop.customers alter column body set storage external;
alter table shop.customers alter column body set statistics 500;
alter table shop.customers alter column name set (n_distinct = -0.5);
alter table shop.customers set (fillfactor = 70, toast.autovacuum_enabled = false);
alter table shop.customers add constraint later check (ratio > 0) not valid;
comment on table shop.customers is 'who buys';
comment on column shop.customers.email is 'personal data';
comment on constraint "price is right" on shop.customers is 'a bargain';
comment on index shop.customers_pkey is 'the key';
grant select, insert on shop.customers to reader;
grant select (id, name), update (name) on shop.customers to "Ünt el";
alter table shop.customers replica identity using index customers_pkey;
alter table shop.customers cluster on customers_pkey;

create index customers_lower on shop.customers
  (lower(name) collate shop.backwards desc nulls last, code bpchar_pattern_ops, price desc)
  include (status) with (fillfactor = 60) where status <> 'Paid' and price > 1;
alter index shop.customers_lower alter column 1 set statistics 77;
create index customers_tags on shop.customers using gin (tags) with (fastupdate = off);
create unique index customers_nick on shop.customers (nick, (price + 1), lower(name || ', '));
create index customers_brin on shop.customers using brin (updated_at) with (pages_per_range = 8);
comment on index shop.customers_lower is 'for search';
create statistics shop.linked (dependencies, ndistinct) on name, code from shop.customers;
alter statistics shop.linked set statistics 300;
comment on statistics shop.linked is 'they go together';

create trigger touch before update of name, price on shop.customers for each row
  when (old.name is distinct from new.name and new.name <> ') WHEN (') execute function shop.touch();
create trigger "Quiet" after insert or delete on shop.customers for each statement
  execute function shop.touch();
alter table shop.customers disable trigger "Quiet";
create constraint trigger checked after insert on shop.customers deferrable initially deferred
  for each row execute function shop.touch();
alter table shop.customers enable always trigger checked;
comment on trigger touch on shop.customers is 'keeps the time';

alter table shop.customers enable row level security;
alter table shop.customers force row level security;
create policy mine on shop.customers as restrictive for update to reader, "Ünt el"
  using (name = current_user) with check (price > 0);
create policy everyone on shop.customers for select using (true);
comment on policy mine on shop.customers is 'own rows';

create table "Straße"."select" (
  "from" integer primary key,
  "a""b" varchar(10) not null,
  "übermäßig_langer_name_mit_genau_63_bytes_in_der_kodierung_u8" integer unique,
  customer bigint references shop.customers on delete cascade on update restrict,
  parent integer,
  "x y" integer default 7,
  constraint "FK" foreign key (parent) references "Straße"."select" ("from") match full
    on delete set default deferrable,
  constraint both_keys unique ("from", parent)
);
create table "Straße"."order" (
  id integer primary key,
  a integer,
  b integer
);
alter table "Straße"."order" add constraint pair foreign key (a, b)
  references "Straße"."select" ("from", parent) on delete set null (b) not valid;
create index " ON ONLY " on "Straße"."order" (a) where b > 0;

create trigger moved after update on "Straße"."order" for each row
  when (old.* is distinct from new.*) execute function shop.touch();

create unlogged table shop.cache (k text primary key, v jsonb);
create table shop.base (id integer, kind text not null, constraint kind_known check (kind <> ''));
create table shop.derived (extra text) inherits (shop.base);
alter table shop.base replica identity full;
create table shop.typed of shop.money_amount (currency with options not null);
create rule no_delete as on delete to shop.base do instead nothing;
comment on rule no_delete on shop.base is 'kept';
alter table shop.base disable rule no_delete;

create table shop.serials (id serial primary key, n integer default nextval('shop.numbers'));

create table shop.events (
  id uuid not null default gen_random_uuid(),
  at timestamptz not null,
  customer bigint references shop.customers on delete set null,
  kind text not null check (kind <> 'bad'),
  primary key (id, at, kind)
) partition by range (at);
create table shop.events_2025_01 partition of shop.events
  for values from ('2025-01-01') to ('2025-02-01');
create table shop.events_2025_02 partition of shop.events
  for values from ('2025-02-01') to (maxvalue) partition by list (kind);
create table shop.events_2025_02_a partition of shop.events_2025_02 for values in ('a', 'it''s');
create table shop.events_2025_02_rest partition of shop.events_2025_02 default;
create table shop.events_default partition of shop.events default;
create index events_kind on shop.events (kind desc);
create trigger stamp before insert on shop.events for each row execute function shop.touch();
create table shop.hashed (id integer, k integer) partition by hash (id, (k % 3));
create table shop.hashed_0 partition of shop.hashed for values with (modulus 2, remainder 0);
create table shop.hashed_1 partition of shop.hashed for values with (modulus 2, remainder 1);
create table shop.event_notes (
  id integer primary key, event uuid, at timestamptz, kind text,
  foreign key (event, at, kind) references shop.events
) partition by range (id);
create table shop.event_notes_1 partition of shop.event_notes for values from (1) to (100);

create view shop.paid with (security_barrier = true, check_option = cascaded) as
  select id, name, price from shop.customers where status = 'Paid';
comment on view shop.paid is 'they paid';
comment on column shop.paid.price is 'gross';
grant select on shop.paid to reader;
create function shop.instead() returns trigger language plpgsql as 'begin return new; end';
create trigger writes instead of insert on shop.paid for each row execute function shop.instead();
create rule also_deletes as on delete to shop.paid do instead nothing;
create materialized view shop.totals as select code, sum(price) as total from shop.customers
  group by code with no data;
create unique index totals_code on shop.totals (code);
create statistics shop.of_totals on code, total from shop.totals;

create foreign data wrapper nowhere;
create server far foreign data wrapper nowhere;
create foreign table shop.remote (id integer options (column_name 'ID'), v text) server far
  options (table_name 'Remote');

create event trigger on_ddl on ddl_command_end when tag in ('DROP TABLE', 'CREATE TABLE')
  execute function shop.on_ddl();
alter event trigger on_ddl disable;
comment on event trigger on_ddl is 'looks on';

alter default privileges in schema shop grant select on tables to reader with grant option;
alter default privileges revoke execute on functions from public;
alter default privileges grant usage on schemas to reader;
