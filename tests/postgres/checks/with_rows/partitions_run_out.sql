-- today: 2026-11-28
-- bad: one month ahead is not two; quoted names
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "R 11" partition of "Readings" for values from ('2026-11-01') to ('2026-12-01');
create table "R 12" partition of "Readings" for values from ('2026-12-01') to ('2027-01-01');

-- bad: ended last month, by the hour
create table t (at timestamptz not null) partition by range (at);
create table t_1 partition of t for values from ('2026-11-27 00:00+00') to ('2026-11-27 01:00+00');
create table t_2 partition of t for values from ('2026-11-27 01:00+00') to ('2026-11-27 02:00+00');
create table t_rest partition of t default;

-- good
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "R 11" partition of "Readings" for values from ('2026-11-01') to ('2026-12-01');
create table "R 12" partition of "Readings" for values from ('2026-12-01') to ('2027-01-01');
create table "R 01" partition of "Readings" for values from ('2027-01-01') to ('2027-02-01');

-- near miss: an archive, no end, numbers, nothing at all
create table archive (day date not null) partition by range (day);
create table archive_1 partition of archive for values from ('2019-01-01') to ('2019-02-01');
create table archive_2 partition of archive for values from ('2019-02-01') to ('2019-03-01');
create table open (day date not null) partition by range (day);
create table open_1 partition of open for values from ('2026-01-01') to (maxvalue);
create table numbers (id int not null) partition by range (id);
create table numbers_1 partition of numbers for values from (1) to (20260101);
create table empty (day date not null) partition by range (day);
