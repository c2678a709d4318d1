-- What only PostgreSQL 18 has.
create table shop.bookings (
  room integer,
  during daterange,
  price integer constraint "price must be" not null,
  half integer generated always as (price / 2) virtual,
  constraint bookings_pkey primary key (room, during without overlaps),
  constraint promised check (price > 5) not enforced
);
create table shop.guests (
  room integer,
  during daterange,
  plain integer not null,
  foreign key (room, period during) references shop.bookings (room, period during)
);
alter table shop.guests add constraint later not null room not valid;
create table shop.alone (a integer, constraint a_alone not null a no inherit);
