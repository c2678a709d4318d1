-- bad: a built-in one, one of this database, a domain's
create function "isOpen"(x int) returns boolean language sql stable as 'select true';
create table "Voucher" ("expiresAt" timestamptz check ("expiresAt" > now()), n int,
    constraint opened check ("isOpen"(n)));
create domain later as date check (value > current_date);

-- good
create table "Voucher" ("expiresAt" timestamptz, at timestamptz default now(), check ("expiresAt" > at));

-- near miss: immutable; only the word, as a constant and as the name of a column
create function fine(x int) returns boolean language sql immutable as 'select true';
create table "Voucher" (n int check (fine(n)), t text check (t <> 'now('), "now" int check ("now" > 0),
    "current_date" date check ("current_date" > '2000-01-01'));
