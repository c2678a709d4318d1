-- option names: { "unique" = "{table}_{columns}_key", "index" = "ix_{table}_{columns}", "primary key" = "{table}_pkey" }
-- bad
create table "Author" ("Id" bigint constraint pk primary key, "eMail" text constraint "one" unique, b int);
create index "another" on "Author" (b, "eMail");

-- good
create table "Author" ("Id" bigint primary key, "eMail" text unique, b int);
create index "ix_Author_b" on "Author" (b);

-- near miss: kinds without a template; an expression
create table "Author" ("Id" bigint primary key, n int constraint positive check (n > 0));
create index whatever on "Author" ((n + 1));
