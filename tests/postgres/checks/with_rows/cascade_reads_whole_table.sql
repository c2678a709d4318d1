-- bad: at the end of a chain
create table "Author" (id bigint primary key);
create table "Book" (id bigint primary key, "authorId" bigint references "Author" on delete cascade);
create table "Page" (id bigint, "bookId" bigint references "Book" on delete set null);
create index on "Book" ("authorId");
insert into "Author" select generate_series(1, 10);
insert into "Book" select i, 1 + i % 10 from generate_series(1, 100) i;
insert into "Page" select i, 1 + i % 100 from generate_series(1, 12000) i;
analyze "Author", "Book", "Page";

-- good
create table "Author" (id bigint primary key);
create table "Book" (id bigint primary key, "authorId" bigint references "Author" on delete cascade);
create index on "Book" ("authorId") where "authorId" is not null;
insert into "Author" select generate_series(1, 10);
insert into "Book" select i, 1 + i % 10 from generate_series(1, 12000) i;
analyze "Author", "Book";

-- near miss: few rows
create table "Author" (id bigint primary key);
create table "Book" (id bigint primary key, "authorId" bigint references "Author" on delete cascade);
insert into "Author" select generate_series(1, 10);
insert into "Book" select i, 1 + i % 10 from generate_series(1, 9000) i;
analyze "Author", "Book";
