-- bad: alike, and with its columns in another order and another action
create table "P" (a int, b int, primary key (a, b));
create table "C" (
    a int, b int,
    constraint "one" foreign key (a, b) references "P",
    constraint "Two" foreign key (b, a) references "P" (b, a) on delete cascade
);

-- good
create table "P" (a int primary key);
create table "C" (a int references "P");

-- near miss: two columns to one table, one column to two tables
create table "P" (a int primary key);
create table "Q" (a int primary key);
create table "C" (a int references "P" references "Q", b int references "P");
