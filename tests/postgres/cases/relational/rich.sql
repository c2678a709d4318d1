-- Every relational feature that has a kind of case, under names that must be quoted.
create extension btree_gist;
create schema "Straße";
set search_path = "Straße";

create table "select" (
  id bigint generated always as identity primary key,
  "from" text not null,
  code varchar(20) not null,
  country char(2) not null default 'DE',
  deleted_at timestamp,
  note text,
  constraint "uq a""b" unique nulls not distinct (note),
  constraint natural_key unique (country, code)
);
create unique index "select_lower_idx" on "select" (lower("from"));
create unique index "alive only" on "select" (code) where deleted_at is null;
create index "select_country_desc" on "select" (country desc nulls last, code) include (note);
create index "select_hash" on "select" using hash (code);
create index plain_note on "select" (note) where note <> '';

-- 63 bytes, with characters of two bytes among them.
create table "ääääääääääääääääääääääääääääää_63b" (
  "grüße" uuid primary key default gen_random_uuid(),
  parent uuid,
  "select" bigint not null default 1,
  tags text[] not null,
  doc jsonb not null,
  words tsvector,
  constraint "self" foreign key (parent)
    references "ääääääääääääääääääääääääääääää_63b" on delete cascade on update cascade,
  constraint "defaulted" foreign key ("select")
    references "select" on delete set default on update cascade
);
create index on "ääääääääääääääääääääääääääääää_63b" (parent);
create index tags_gin on "ääääääääääääääääääääääääääääää_63b" using gin (tags);
create index doc_gin on "ääääääääääääääääääääääääääääää_63b" using gin (doc);
create index doc_path on "ääääääääääääääääääääääääääääää_63b" using gin (doc jsonb_path_ops);
create index words_gin on "ääääääääääääääääääääääääääääää_63b" using gin (words);
create index pattern on "select" ("from" text_pattern_ops);

-- A diamond: team and member both lead to task.
-- Unique in a predicate of two parts: to lose either of them is another promise.
create table listing (
  id int primary key, seller int not null, main bool not null default false, sold_at timestamp
);
create unique index one_main on listing (seller) where main and sold_at is null;
create table team (id int primary key, name text not null unique deferrable initially immediate);
create table member (
  team_id int not null references team on delete cascade on update cascade,
  person int not null,
  boss int,
  primary key (team_id, person),
  constraint boss foreign key (team_id, boss) references member
    on delete set null (boss) on update cascade deferrable initially immediate
);
create table task (
  id int primary key,
  team_id int not null references team on delete cascade on update cascade,
  person int,
  reviewer_team int,
  reviewer int,
  constraint owner foreign key (team_id, person) references member
    on delete set null (person) on update cascade,
  constraint reviewer foreign key (reviewer_team, reviewer) references member
    match full on delete set null on update cascade
);
create index task_owner on task (team_id, person);
create table invoice (
  id int primary key,
  team_id int not null constraint kept references team on delete restrict on update restrict,
  task_id int constraint late references task
    on delete no action deferrable initially deferred,
  number int not null unique deferrable initially deferred
);
create table line (
  invoice_id int not null references invoice on delete cascade,
  place int not null check (place > 0),
  amount numeric(10, 2) not null,
  primary key (invoice_id, place)
);

-- Two tables that need each other.
create table hen (id int primary key, egg_id int not null);
create table egg (id int primary key, hen_id int not null references hen on delete cascade);
alter table hen add constraint hatched foreign key (egg_id) references egg
  deferrable initially deferred;

create table booking (
  id int primary key,
  room int not null,
  during tsrange not null,
  cancelled bool not null default false,
  constraint no_overlap exclude using gist (room with =, during with &&) where (not cancelled)
);
create table shift (
  id int primary key,
  room int not null,
  during tsrange not null,
  paid bool not null default false,
  dropped_at timestamp,
  constraint one_paid_shift exclude using gist (room with =, during with &&)
    where (paid and dropped_at is null)
);
create index during_gist on booking using gist (during);

-- Partitions: by rule, by range, by list, by hash, and two levels of them.
create table event (
  id int not null,
  team_id int not null constraint event_team references team on delete cascade,
  at timestamp not null,
  kind text not null constraint kinds check (kind in ('a', 'b')),
  updated_at timestamp not null default timezone('utc', now()),
  primary key (id, at)
) partition by range (at);
create index event_team_at on event (team_id, at desc);
create table event_default partition of event default;

create function make_events(day date, horizon int) returns int language plpgsql as $$
declare
  first timestamp;
  made int := 0;
  name text;
begin
  for i in 0..horizon loop
    first := date_trunc('month', day::timestamp) + make_interval(months => i);
    name := to_char(first, '"event_"YYYY_MM');
    if to_regclass('"Straße".' || name) is null then
      execute format('create table "Straße".%I (like "Straße".event including all)', name);
      execute format('with m as (delete from "Straße".event_default where at >= %L and at < %L'
        ' returning *) insert into "Straße".%I select * from m',
        first, first + interval '1 month', name);
      execute format('alter table "Straße".event attach partition "Straße".%I'
        ' for values from (%L) to (%L)', name, first, first + interval '1 month');
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

create table reading (sensor int not null, value int, primary key (sensor))
  partition by range (sensor);
create table reading_low partition of reading for values from (minvalue) to (100);
create table reading_high partition of reading for values from (100) to (30000);
create table colour (name text not null, shade int, unique (name, shade)) partition by list (name);
create table colour_warm partition of colour for values in ('red', 'yellow');
create table colour_cold partition of colour for values in ('blue') partition by hash (shade);
create table colour_cold_0 partition of colour_cold for values with (modulus 2, remainder 0);
create table colour_cold_1 partition of colour_cold for values with (modulus 2, remainder 1);
create table colour_other partition of colour default;

-- Triggers: a clock, a log, a guard, one for a column, one for a condition, one deferred.
create function touch() returns trigger language plpgsql as $$
begin new.updated_at := timezone('utc', now()); return new; end $$;
create table audit_log (id bigint generated by default as identity primary key, what text);
create function log_it() returns trigger language plpgsql as $$
begin
  insert into "Straße".audit_log (what) values (tg_op);
  return coalesce(new, old);
end $$;
create function forbid() returns trigger language plpgsql as $$
begin raise exception 'append only' using errcode = 'P0A01'; end $$;
create function trim_it() returns trigger language plpgsql as $$
begin new.title := upper(new.title); return new; end $$;
create table article (
  id int primary key,
  team_id int references team on delete set null on update cascade,
  title text not null,
  state text not null default 'draft' check (state in ('draft', 'final')),
  state_at timestamp,
  updated_at timestamp not null default timezone('utc', now())
);
create trigger clock before update on article for each row execute function touch();
create trigger logged after insert or update or delete on article
  for each row execute function log_it();
create trigger upper_title before insert or update of title on article
  for each row execute function trim_it();
create function stamp() returns trigger language plpgsql as $$
begin new.state_at := timezone('utc', now()); return new; end $$;
create trigger state_moved before update on article for each row
  when (old.state is distinct from new.state) execute function stamp();
create trigger clock before update on event for each row execute function touch();
create table ledger (id int primary key, amount int not null);
create trigger append_only before update or delete on ledger
  for each row execute function forbid();
create trigger never_empty before truncate on ledger
  for each statement execute function forbid();
create constraint trigger settled after insert on ledger deferrable initially deferred
  for each row execute function log_it();

-- Rights, policies, views, functions.
grant usage on schema "Straße" to relational_reader, relational_writer;
grant select on article to relational_reader;
grant select (id, name) on team to relational_reader;
grant insert, update on ledger to relational_writer;
grant usage on sequence audit_log_id_seq to relational_writer;
create table document (
  id int primary key,
  tenant int not null,
  owner name not null,
  body text
);
alter table document enable row level security;
grant select, insert, update, delete on document to relational_writer;
grant select on document to relational_reader;
create policy tenants on document to relational_writer
  using (tenant = current_setting('app.tenant')::int)
  with check (tenant = current_setting('app.tenant')::int);
create policy own on document for select to relational_reader using (owner = current_user);
create view titles as select id, upper(title) as "TITLE" from article;
grant select on titles to relational_reader;
create materialized view counted as select team_id, count(*) as n from article group by team_id;
create unique index counted_team on counted (team_id);
create function names() returns setof text language sql stable security definer
  set search_path = "Straße", pg_temp as $$ select name from team $$;
create function atomic(a int) returns int language sql begin atomic; return a + 1; end;
revoke execute on function names() from public;
