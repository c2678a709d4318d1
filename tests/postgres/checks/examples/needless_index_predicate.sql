-- bad
create table "Job" (id bigint primary key, "dueAt" timestamptz not null);
create index "Job_due" on "Job" ("dueAt") where "dueAt" is not null;

-- good
create table "Job" (id bigint primary key, "dueAt" timestamptz not null);
create index "Job_due" on "Job" ("dueAt");

-- near miss: it takes NULL; the predicate says more
create table "Job" (id bigint primary key, "dueAt" timestamptz, state text not null);
create index on "Job" (id) where "dueAt" is not null;
create index on "Job" (state) where state is not null and state <> 'done';
