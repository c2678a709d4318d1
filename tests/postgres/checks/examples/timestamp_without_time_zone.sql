-- bad
create table "Visit" ("At" timestamp(3) not null, old timestamp default now(), many timestamp[]);

-- good
create table "Visit" ("At" timestamptz not null);

-- near miss
create table "Visit" ("On" date, "Clock" time, span interval);
