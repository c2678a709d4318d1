-- bad
create table "Visit" ("At" timestamptz default '2026-02-03 10:11:12.123456+00');
create table t (a timestamp not null default '2026-02-03 10:11:12.123'::timestamp);

-- good
create table "Visit" ("At" timestamptz default now());

-- near miss: a round constant; a constant that is added to
create table "Visit" ("At" timestamptz default '1970-01-01 00:00:00+00', b timestamptz default 'infinity',
    c timestamp default (now() at time zone 'UTC'));
