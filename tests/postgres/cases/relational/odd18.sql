-- What PostgreSQL 18 adds.
create table stay (
  room int not null,
  during tsrange not null,
  guest int,
  primary key (room, during without overlaps)
);
create table cleaning (
  id int primary key,
  room int not null,
  during tsrange not null,
  constraint of_stay foreign key (room, period during) references stay (room, period during)
);
create table loose (id int primary key, parent int,
  constraint unenforced foreign key (parent) references loose not enforced);
create table virtual (id int primary key, twice int generated always as (id * 2), note text);
create index on virtual (note);
