-- bad: a default, a storage parameter, a CHECK of one alone
create table "Readings" ("Day" date not null, "Value" int default 0) partition by range ("Day");
create table "R 1" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create table "R 2" partition of "Readings" for values from ('2026-02-01') to ('2026-03-01');
create table "R 3" partition of "Readings" for values from ('2026-03-01') to ('2026-04-01');
alter table "R 1" alter "Value" set default 7;
alter table "R 2" set (fillfactor = 50);
alter table "R 3" add check ("Value" > 0);

-- bad: a trigger that one lacks
create table t (day date not null, note text) partition by range (day);
create table t_1 partition of t for values from ('2026-01-01') to ('2026-02-01');
create table t_2 partition of t for values from ('2026-02-01') to ('2026-03-01');
create table t_3 partition of t for values from ('2026-03-01') to ('2026-04-01');
create trigger quiet before update on t_1 for each row execute function suppress_redundant_updates_trigger();
create trigger quiet before update on t_3 for each row execute function suppress_redundant_updates_trigger();

-- good
create table "Readings" ("Day" date not null, "Value" int default 0) partition by range ("Day");
create table "R 1" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create table "R 2" partition of "Readings" for values from ('2026-02-01') to ('2026-03-01');
create table "R 3" partition of "Readings" for values from ('2026-03-01') to ('2026-04-01');
create index on "Readings" ("Value");

-- near miss: two that differ, bounds as checks, the old half kept otherwise, the default partition
create table two (day date not null, value int) partition by range (day);
create table two_1 partition of two for values from ('2026-01-01') to ('2026-02-01');
create table two_2 partition of two for values from ('2026-02-01') to ('2026-03-01') with (fillfactor = 50);
create table t (day date not null, value int) partition by range (day);
create table t_1 partition of t for values from ('2026-01-01') to ('2026-02-01') with (fillfactor = 100);
create table t_2 partition of t for values from ('2026-02-01') to ('2026-03-01') with (fillfactor = 100);
create table t_3 partition of t for values from ('2026-03-01') to ('2026-04-01');
create table t_4 partition of t for values from ('2026-04-01') to ('2026-05-01');
create table t_rest partition of t default with (fillfactor = 70);
alter table t_1 add check (day >= '2026-01-01' and day < '2026-02-01');
alter table t_2 add check (day >= '2026-02-01' and day < '2026-03-01');
alter table t_3 add check (day >= '2026-03-01' and day < '2026-04-01');
