-- What a derivation must survive without a false alarm: every table here keeps its promises.
create extension if not exists btree_gist;
create extension if not exists citext;
create extension if not exists pg_trgm;
create schema odd;
set search_path = odd, public;

create type mood as enum
  ('sad', 'glad', 'calm', 'bold', 'shy', 'wry', 'coy', 'mad', 'zen', 'dim', 'odd', 'icy');
create type side as enum ('left', 'right');
create domain percent as int check (value between 0 and 100);
create domain label as varchar(30) not null;

create table no_key (a int, b text, c json, d point, "when" timestamp);
create table two_at_most (which side primary key, note text);
create table bare_child (parent int);
create table root (
  id int primary key,
  name label unique,
  feeling mood not null unique,
  share percent not null,
  doubled int generated always as (share * 2) stored,
  email citext unique,
  flag bool not null default false,
  constraint name_and_share unique (name, share)
);
alter table bare_child add constraint bare foreign key (parent) references root on delete cascade;
create unique index only_one_flag on root (flag) where flag;
create unique index by_expression on root ((lower(name) || '-' || share));
create unique index by_doubled on root (doubled);
create unique index referenced_index on root (share, feeling);
create table by_index (
  id int primary key,
  share percent,
  feeling mood,
  foreign key (share, feeling) references root (share, feeling) on update cascade on delete set null
);

-- Contradictions: SET NULL that a NOT NULL or a CHECK refuses.
create table stubborn (
  id int primary key,
  root_id int not null references root on delete set null
);
create table either (
  id int primary key,
  left_id int references root on delete set null,
  right_id int references root on delete set null,
  check (num_nonnulls(left_id, right_id) = 1)
);

-- Two ways from one row to another, one of which refuses.
create table twice (
  id int primary key,
  a int not null references root on delete cascade,
  b int not null references root on delete no action
);
-- A row that can only refer to itself.
create table ouroboros (
  id int primary key,
  self int not null references ouroboros on delete cascade on update cascade
    deferrable initially immediate
);
create table required_loop_a (id int primary key, b int not null);
create table required_loop_b (
  id int primary key,
  a int not null references required_loop_a deferrable initially immediate
);
alter table required_loop_a add foreign key (b) references required_loop_b
  deferrable initially immediate;
create table nothing_default (
  id int primary key,
  root_id int default null references root on delete set default on update set default
);
create table soft (id int primary key, root_id int);
alter table soft add constraint soft_root foreign key (root_id) references root not valid;
-- Overlapping keys: the owner of a thing is the owner of its box.
create table box (id int primary key, owner int not null references root on delete restrict,
  unique (id, owner));
create table thing (
  id int primary key,
  box int not null,
  owner int not null references root on delete cascade on update cascade,
  foreign key (box, owner) references box (id, owner) on delete cascade on update cascade
);
create table one_to_one (
  root_id int primary key references root on delete cascade on update cascade,
  note text
);
create table many_to_many (
  root_id int references root on delete cascade,
  box_id int references box on delete cascade,
  primary key (root_id, box_id)
);
create table sender_and_receiver (
  id int primary key,
  sender int not null references root on delete cascade,
  receiver int not null references root on delete cascade,
  check (sender <> receiver)
);

create table differing (
  id int primary key,
  room int not null,
  kind text not null,
  exclude using gist (room with =, kind with <>)
);
create table late_exclusion (
  id int primary key,
  span int4range not null,
  constraint no_two exclude using gist (span with &&) deferrable initially deferred
);

create table indexed (
  id int primary key,
  words text,
  place point,
  spot box,
  address inet,
  span int4range,
  made timestamptz,
  doc jsonb,
  flag bool,
  numbers int[]
);
create index on indexed using gin (words gin_trgm_ops);
create index on indexed using gist (words gist_trgm_ops);
create index on indexed using gist (place);
create index on indexed using spgist (place);
create index on indexed using gist (spot);
create index on indexed using spgist (address);
create index on indexed using gist (address inet_ops);
create index on indexed using gist (span);
create index on indexed using spgist (span);
create index on indexed using brin (made);
create index on indexed using brin (span);
create index on indexed using gin (numbers);
create index on indexed (flag);
create index on indexed (lower(words) varchar_pattern_ops, id desc);
create index on indexed (words collate "C");
create index on indexed ((doc ->> 'a'), (doc -> 'b'));
create index on indexed (id) include (words, flag) where flag;
create index on indexed (made nulls first) where words is not null;

create table parted (id int not null, region text not null, primary key (region, id))
  partition by list (region);
create table parted_eu partition of parted for values in ('de', 'fr');
create table parted_rest partition of parted default;
create table of_parted (
  id int primary key,
  region text not null,
  parted_id int not null,
  foreign key (region, parted_id) references parted (region, id) on delete cascade
);
create table hashed (id int primary key, n int) partition by hash (id);
create table hashed_0 partition of hashed for values with (modulus 2, remainder 0);
create table hashed_1 partition of hashed for values with (modulus 2, remainder 1);
create table two_keys (a int not null, b date not null) partition by range (a, b);
create table two_keys_1 partition of two_keys for values from (1, '2025-01-01') to (1, '2026-01-01');
create table two_keys_2 partition of two_keys for values from (1, '2026-01-01') to (5, maxvalue);
create table by_day (at timestamptz not null, n int) partition by range (date_trunc('day', at, 'UTC'));
create table by_day_all partition of by_day default;
create table daily (day date not null) partition by range (day);
create table daily_1 partition of daily for values from (minvalue) to ('2025-01-01');
create table empty_parent (id int primary key) partition by range (id);

create table base (id int primary key, note text);
create table inheriting (extra int) inherits (base);
create view writable as select id, note from base;
create function redirect() returns trigger language plpgsql as
  $$ begin insert into odd.base values (new.id, new.note); return new; end $$;
create view redirected as select id, note || '' as note from base;
create trigger redirect instead of insert on redirected for each row execute function redirect();
create trigger statement_only after update on base for each statement execute function redirect();
alter table base disable trigger statement_only;
create function overloaded(a int) returns int language sql as 'select a';
create function overloaded(a text, out b text) language sql as 'select a';
create procedure act() language plpgsql as $$ begin null; end $$;
create aggregate total (int) (sfunc = int4pl, stype = int, initcond = '0');
create function lost() returns int language sql as $$ select count(*)::int from base $$;
create materialized view unfilled as select 1 as n with no data;
create table closed (id int primary key, tenant int);
alter table closed enable row level security;
create policy anybody on closed using (tenant = 1);
