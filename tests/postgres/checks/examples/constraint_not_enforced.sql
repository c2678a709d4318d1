-- since: 18
-- bad
create table "P" (id int primary key);
create table "C" (n int constraint "Positive" check (n > 0) not enforced,
    "pId" int references "P" not enforced);

-- good
create table "C" (n int check (n > 0) enforced);

-- near miss: not valid, which is enforced for new rows
create table "C" (n int);
alter table "C" add check (n > 0) not valid;
