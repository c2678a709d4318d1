-- bad: a month is missing, with a default partition and quoted names
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "Readings 01" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create table "Readings 03" partition of "Readings" for values from ('2026-03-01') to ('2026-04-01');
create table "Readings rest" partition of "Readings" default;

-- bad: numbers, and the gap is one wide
create table orders (id bigint not null) partition by range (id);
create table orders_1 partition of orders for values from (minvalue) to (100);
create table orders_2 partition of orders for values from (101) to (maxvalue);

-- bad: a partition of a partition
create table t (region text not null, at timestamptz not null) partition by list (region);
create table t_eu partition of t for values in ('eu') partition by range (at);
create table t_eu_1 partition of t_eu for values from ('2026-01-01 00:00+00') to ('2026-01-02 00:00+00');
create table t_eu_2 partition of t_eu for values from ('2026-01-03 00:00+00') to ('2026-01-04 00:00+00');

-- good
create table "Readings" ("Day" date not null, value int) partition by range ("Day");
create table "Readings 01" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create table "Readings 02" partition of "Readings" for values from ('2026-02-01') to ('2026-03-01');

-- near miss: the same instant in another zone, widths that differ, open ends
set time zone 'Europe/Berlin';
create table t (at timestamptz not null) partition by range (at);
create table t_1 partition of t for values from (minvalue) to ('2026-01-01 00:00+00');
create table t_2 partition of t for values from ('2026-01-01 01:00+01') to ('2026-07-01 00:00+00');
create table t_3 partition of t for values from ('2026-07-01 00:00+00') to (maxvalue);
set time zone 'UTC';

-- near miss: over two columns, by list, by hash
create table pairs (a int not null, b int not null) partition by range (a, b);
create table pairs_1 partition of pairs for values from (1, 1) to (1, 9);
create table pairs_2 partition of pairs for values from (2, 1) to (2, 9);
create table words (word text not null) partition by list (word);
create table words_a partition of words for values in ('a');
create table spread (id int not null) partition by hash (id);
create table spread_0 partition of spread for values with (modulus 4, remainder 0);
