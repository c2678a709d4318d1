-- bad: the column takes NULL
create table "Shelf" ("Id" bigint primary key);
create table "Book" ("shelfId" bigint references "Shelf" on delete set default);

-- bad: it takes none, and by ON UPDATE
create table p (id bigint primary key);
create table c (p_id bigint not null references p on delete set default);
create table d (p_id bigint references p on update set default);

-- good
create table "Shelf" ("Id" bigint primary key);
create table "Book" ("shelfId" bigint default 0 references "Shelf" on delete set default);

-- near miss: the default is the domain's; only the column that has one is set
create domain shelf_number as bigint default 0;
create table p (id bigint primary key);
create table c (p_id shelf_number references p on delete set default);
create table p2 (a int, b int, primary key (a, b));
create table c2 (a int, b int default 0, foreign key (a, b) references p2 on delete set default (b));
