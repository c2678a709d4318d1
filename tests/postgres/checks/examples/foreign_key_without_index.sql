-- bad: none at all, and one only where the key leads
create table "Order" ("Id" bigint primary key, "Kind" int);
create table "Item" (
    "Id" bigint primary key,
    "orderId" bigint constraint "Item_orderId_fkey" references "Order"
);
create index on "Item" ("Id", "orderId");
create index on "Item" ("Id") include ("orderId");

-- bad: the predicate leaves out rows that refer
create table p (id bigint primary key);
create table c (id bigint primary key, p_id bigint references p, gone boolean);
create index on c (p_id) where gone is not null;
create index on c (p_id) where p_id > 10;
create index on c ((p_id + 0));

-- bad: only half of the columns come first
create table p (a int, b int, primary key (a, b));
create table c (a int, b int, x int, foreign key (a, b) references p);
create index on c (a, x, b);

-- bad: a hash index holds one column, BRIN none exactly
create table p (id bigint primary key);
create table c (p_id bigint references p, q_id bigint references p);
create index on c using brin (p_id);
create index on c using hash (q_id);

-- bad: some partitions have none
create table p (id bigint primary key);
create table c (id bigint, p_id bigint references p) partition by range (id);
create table c1 partition of c for values from (0) to (10);
create table c2 partition of c for values from (10) to (20);
create index on c1 (p_id);

-- good
create table "Order" ("Id" bigint primary key);
create table "Item" ("Id" bigint primary key, "orderId" bigint references "Order");
create index on "Item" ("orderId", "Id");

-- near miss: the other order, a predicate that the key implies, a unique index on a part
create table p (a int, b int, primary key (a, b));
create table c (a int, b int, x int, foreign key (a, b) references p);
create index on c (b, a desc, x);
create table d (a int, b int, foreign key (a, b) references p);
create index on d (a, b) where a is not null and b is not null;
create table e (a int unique, b int, foreign key (a, b) references p);

-- near miss: hash, GiST and partitions that each have their own
create table p (id bigint primary key);
create table c (p_id bigint references p);
create index on c using hash (p_id);
create table d (id bigint, p_id bigint references p) partition by range (id);
create table d1 partition of d for values from (0) to (10);
create index on d1 (p_id);
create table e (id bigint, p_id bigint references p) partition by range (id);
create table e1 partition of e for values from (0) to (10);
create index on e (p_id);

-- near miss: some of the columns tell the other row, and are indexed
create table "P" ("Id" bigint primary key, kind text, unique ("Id", kind));
create table "C" (p_id bigint, kind text, foreign key (p_id, kind) references "P" ("Id", kind));
create index on "C" (p_id);

-- bad: those that are indexed do not tell it
create table "P" ("Id" bigint primary key, kind text, unique ("Id", kind));
create table "C" (p_id bigint, kind text, foreign key (p_id, kind) references "P" ("Id", kind));
create index on "C" (kind);
