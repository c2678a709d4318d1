-- bad
create table "Item" ("Name" text not null, b int not null, check ("Name" is not null),
    check ("Name" is not null and b is not null));

-- good
create table "Item" ("Name" text not null);

-- near miss: of a column that takes NULL; it says more
create table "Item" ("Name" text not null, b int, check ("Name" is not null and b is not null),
    check ("Name" is not null or b is null));
