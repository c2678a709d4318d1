-- bad
create table "Account" ("isActive" boolean default true, old boolean);

-- good
create table "Account" ("isActive" boolean not null default true);

-- near miss: by its domain; a CHECK says when it is NULL
create domain flag as boolean not null;
create table "Account" ("isActive" flag, answered boolean, at timestamptz,
    check ((answered is null) = (at is null)));
