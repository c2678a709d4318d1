-- bad
create table "Job" (id bigint primary key, "State" text not null);
create index "By State" on "Job" ("State");
insert into "Job" select i, 'state ' || i % 4 from generate_series(1, 12000) i;
analyze "Job";

-- good
create table "Job" (id bigint primary key, "State" text not null);
create index "By State" on "Job" ("State") where "State" = 'state 0';
insert into "Job" select i, 'state ' || i % 4 from generate_series(1, 12000) i;
analyze "Job";

-- near miss: one value is rare, NULL is rare, a foreign key needs it, two columns, few rows
create table state (name text primary key);
insert into state select 'state ' || i from generate_series(0, 3) i;
create table "Job" (
    id bigint primary key,
    rare text not null,
    nearly boolean,
    kept text not null references state,
    low boolean not null
);
create index on "Job" (rare);
create index on "Job" (nearly);
create index on "Job" (kept);
create index on "Job" (low, id);
insert into "Job" select i, case when i % 50 = 0 then 'failed' else 'done' end,
  case when i % 50 > 0 then i % 2 = 0 end, 'state ' || i % 4, i % 2 = 0
from generate_series(1, 12000) i;
create table small (id bigint primary key, done boolean not null);
create index on small (done);
insert into small select i, i % 2 = 0 from generate_series(1, 500) i;
analyze state, "Job", small;
