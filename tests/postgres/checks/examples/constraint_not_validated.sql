-- bad: a CHECK, a foreign key, a domain's
create table "P" (id int primary key);
create table "C" ("pId" int, n int);
alter table "C" add constraint "Positive" check (n > 0) not valid;
alter table "C" add foreign key ("pId") references "P" not valid;
create domain "Code" as text;
alter domain "Code" add constraint short check (length(value) < 9) not valid;

-- good
create table "C" (n int constraint "Positive" check (n > 0));

-- near miss: validated since
create table "C" (n int);
alter table "C" add constraint "Positive" check (n > 0) not valid;
alter table "C" validate constraint "Positive";
