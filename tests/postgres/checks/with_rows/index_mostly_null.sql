-- bad
create table "Task" (id bigint primary key, "failedAt" date);
create index "By failure" on "Task" ("failedAt");
insert into "Task" select i, case when i % 50 = 0 then date '2026-01-01' + i % 300 end
from generate_series(1, 12000) i;
analyze "Task";

-- good
create table "Task" (id bigint primary key, "failedAt" date);
create index "By failure" on "Task" ("failedAt") where "failedAt" is not null;
insert into "Task" select i, case when i % 50 = 0 then date '2026-01-01' + i % 300 end
from generate_series(1, 12000) i;
analyze "Task";

-- near miss: half of it, a unique one, two columns
create table "Task" (id bigint primary key, half int, one int unique, other int);
create index on "Task" (half);
create index on "Task" (other, id);
insert into "Task" select i, case when i % 2 = 0 then i end, case when i % 50 = 0 then i end,
  case when i % 50 = 0 then i end
from generate_series(1, 12000) i;
analyze "Task";
