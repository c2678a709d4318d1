-- bad
create table "Queue" ("Id" bigint, t text) with (autovacuum_enabled = false, toast.autovacuum_enabled = off);

-- good
create table "Queue" ("Id" bigint) with (autovacuum_enabled = true);

-- near miss
create table "Queue" ("Id" bigint) with (autovacuum_vacuum_threshold = 0, fillfactor = 80);
