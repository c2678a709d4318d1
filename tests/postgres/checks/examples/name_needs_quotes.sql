-- bad: a table, a column, a name with blanks
create table "orderItem" (id bigint primary key);
create table other ("userId" bigint, "two words" int, "2nd" int);

-- good
create table order_item (id bigint primary key, user_id bigint);

-- near miss: letters beyond ASCII need no quotes, and keywords are others'; "quoted" for nothing
create table "größe" ("order" int, "plain" int, a$b int);
