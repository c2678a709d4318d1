-- bad
create type "Mood" as enum ('good', 'bad');
create domain "Code" as text;

-- good
create type "Mood" as enum ('good', 'bad');
create table day ("mood" "Mood");

-- near miss: an array, a domain over it, an argument
create type "Mood" as enum ('good', 'bad');
create table day (moods "Mood"[]);
create type tint as enum ('red');
create domain paint as tint;
create function f(x paint) returns int language sql as 'select 1';
