-- bad: one of a table, one of a partition
create table "T" (a int);
create index "T_a" on "T" (a);
create table parted (a int) partition by range (a);
create table "Part" partition of parted for values from (0) to (10);
create index "Part_a" on "Part" (a);
update pg_catalog.pg_index set indisvalid = false
where indexrelid in ('"T_a"'::pg_catalog.regclass, '"Part_a"'::pg_catalog.regclass);

-- good
create table "T" (a int);
create index "T_a" on "T" (a);

-- near miss: one of a partitioned table, of which no partition has it
create table parted (a int) partition by range (a);
create table "Part" partition of parted for values from (0) to (10);
create index on only parted (a);
