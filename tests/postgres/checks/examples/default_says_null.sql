-- bad
create table "Account" ("nickName" text default 'NULL', a varchar(10) not null default 'undefined');

-- good
create table "Account" ("nickName" text);

-- near miss: NULL itself; an empty text; a word that begins so
create table "Account" ("nickName" text default null, b text default '', c text default 'nullable',
    discount text default 'none');
create type kind as enum ('none', 'some');
create table t (k kind default 'none');
