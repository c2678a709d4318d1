-- Shapes that PostgreSQL 18 and its wheel know beside.
create extension vector;
create table genv (id int primary key, a int not null, b int generated always as (a * 2) virtual, check (b > 100 and a < 60));
create table points (id int primary key, at vector(4) not null unique);
