-- bad: narrower, shorter, another type altogether
create table "Account" ("Id" bigint primary key, code varchar(40) unique, n numeric unique);
create table "Invoice" (
    "Id" bigint primary key,
    "accountId" integer references "Account",
    code varchar(20) references "Account" (code),
    n integer references "Account" (n)
);

-- good
create table "Account" ("Id" bigint primary key);
create table "Invoice" ("accountId" bigint references "Account");

-- near miss: a domain over the same type; text for varchar; longer
create table "Account" ("Id" bigint primary key, code varchar(40) unique, name text unique);
create domain account_number as bigint;
create table "Small" (id int primary key);
create table "Invoice" (
    small bigint references "Small",
    "accountId" account_number references "Account",
    code varchar(60) references "Account" (code),
    name varchar references "Account" (name)
);
