-- bad: a quoted name, and by ON UPDATE
create table "User" ("Id" bigint primary key, code text unique);
create table "Order" (
    "Id" bigint primary key,
    "userId" bigint not null references "User" on delete set null,
    code text not null references "User" (code) on update set null
);

-- bad: by a domain
create domain needed as bigint not null;
create table p (id bigint primary key);
create table c (id bigint primary key, p_id needed references p on delete set null);

-- bad: one column of two, which is part of the primary key
create table p (a int, b int, primary key (a, b));
create table c (a int, b int, x int, primary key (a, x), foreign key (a, b) references p on delete set null);

-- good
create table "User" ("Id" bigint primary key);
create table "Order" ("userId" bigint references "User" on delete set null);

-- near miss: only the column that takes NULL is set; another action on a column that takes none
create table p (a int, b int, primary key (a, b));
create table c (a int not null, b int, foreign key (a, b) references p on delete set null (b));
create table d (a int not null, b int not null, foreign key (a, b) references p on delete cascade);
