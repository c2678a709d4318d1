-- A small shop whose every name needs care: another schema, quoted and mixed case, partitions.
create schema "Shop";
set search_path = "Shop";
create table "User" (
  id int primary key,
  email varchar(100) not null unique,
  tier text not null,
  "lastSeen" timestamp not null
);
create table orders (
  id int primary key,
  "userId" int not null references "User",
  state text not null,
  kind text not null,
  note text not null,
  tags jsonb not null,
  "createdAt" timestamp not null
);
create table events (
  id bigint not null,
  "userId" int not null,
  at timestamp not null,
  primary key (id, at)
) partition by range (at);
create table events_1 partition of events for values from ('2025-01-01') to ('2025-02-01');
create table events_2 partition of events for values from ('2025-02-01') to ('2025-03-01');
create table events_3 partition of events for values from ('2025-03-01') to ('2025-04-01');
create table tiny (id int primary key, word text not null);

insert into "User"
select g, 'user' || g || '@example.test', case when g % 100 = 0 then 'gold' else 'free' end,
  timestamp '2025-01-01' + g * interval '1 minute'
from generate_series(1, 4000) g;
-- User 1 has a third of all orders. State follows kind: together they say no more than one.
insert into orders
select g, case when g % 3 = 0 then 1 else 1 + g % 400 end,
  case when g % 100 = 0 then 'open' when g % 10 = 1 then 'held' else 'done' end,
  case when g % 100 = 0 then 'new' when g % 10 = 1 then 'odd' else 'old' end,
  repeat('x', 40), jsonb_build_array('tag' || g % 500),
  timestamp '2025-01-01' + g * interval '1 minute'
from generate_series(1, 40000) g;
insert into events
select g, 1 + g % 4000, timestamp '2025-01-01' + g * interval '2 minutes'
from generate_series(1, 60000) g;
insert into tiny select g, 'word ' || g from generate_series(1, 50) g;

create index "ordersByUser" on orders ("userId", "createdAt");
create index orders_by_state on orders (state, "createdAt") where state <> 'done';
create index orders_by_tag on orders using gin (tags jsonb_path_ops);
create index orders_by_time on orders ("createdAt");
create index events_by_user on events ("userId", at);
create index tiny_by_word on tiny (word);
alter table "User" alter column tier set statistics 1000;
