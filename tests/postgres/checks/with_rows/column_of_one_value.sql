-- bad
create table "Job" (id bigint primary key, "Kind" text not null, "Gone" date);
insert into "Job" select i, 'plain' from generate_series(1, 12000) i;
analyze "Job";

-- good
create table "Job" (id bigint primary key, "Kind" text not null);
insert into "Job" select i, 'kind ' || i % 2 from generate_series(1, 12000) i;
analyze "Job";

-- near miss: one value or NULL, a rare second one, few rows
create table "Job" (id bigint primary key, "Mark" text, "Kind" text not null);
insert into "Job" select i, case when i % 2 = 0 then 'x' end, case when i % 100 = 0 then 'y' else 'x' end
from generate_series(1, 12000) i;
create table small (id bigint primary key, kind text not null);
insert into small select i, 'plain' from generate_series(1, 500) i;
analyze "Job", small;
