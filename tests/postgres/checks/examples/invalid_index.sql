-- bad: no partition has it; one that failed, as the system catalog tells of it
create table "Reading" ("at" timestamptz not null) partition by range ("at");
create table r1 partition of "Reading" for values from ('2026-01-01') to ('2027-01-01');
create index "Reading_at" on only "Reading" ("at");
create table "T" (a int);
create index "T_a" on "T" (a);
update pg_catalog.pg_index set indisvalid = false
where indexrelid = '"T_a"'::pg_catalog.regclass;

-- good
create table "Reading" ("at" timestamptz not null) partition by range ("at");
create table r1 partition of "Reading" for values from ('2026-01-01') to ('2027-01-01');
create index "Reading_at" on "Reading" ("at");

-- near miss: an index made on the parent alone, to which the partition's was attached
create table "Reading" ("at" timestamptz not null) partition by range ("at");
create table r1 partition of "Reading" for values from ('2026-01-01') to ('2027-01-01');
create index "Reading_at" on only "Reading" ("at");
create index r1_at on r1 ("at");
alter index "Reading_at" attach partition r1_at;
