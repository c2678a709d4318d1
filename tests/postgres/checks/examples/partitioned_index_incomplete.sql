-- bad: one partition has an index that is like it, the other none; quoted names
create table "Readings" ("Day" date not null, "Value" int) partition by range ("Day");
create table "Readings 01" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create table "Readings 02" partition of "Readings" for values from ('2026-02-01') to ('2026-03-01');
create index "By Value" on only "Readings" ("Value");
create index on "Readings 01" ("Value");

-- good
create table "Readings" ("Day" date not null, "Value" int) partition by range ("Day");
create table "Readings 01" partition of "Readings" for values from ('2026-01-01') to ('2026-02-01');
create index "By Value" on only "Readings" ("Value");
create index "By Value 01" on "Readings 01" ("Value");
alter index "By Value" attach partition "By Value 01";

-- near miss: an index of a partition alone, and one made on all
create table readings (day date not null, value int) partition by range (day);
create table readings_01 partition of readings for values from ('2026-01-01') to ('2026-02-01');
create index on readings_01 (value);
create index on readings (value);
