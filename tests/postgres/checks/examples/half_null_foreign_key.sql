-- bad
create table "Place" (country text, "City" text, primary key (country, "City"));
create table shop (country text, "City" text, foreign key (country, "City") references "Place");

-- good
create table "Place" (country text, "City" text, primary key (country, "City"));
create table shop (country text, "City" text, foreign key (country, "City") references "Place",
    check ((country is null) = ("City" is null)));

-- near miss: only one of them takes NULL
create table "Place" (country text, "City" text, primary key (country, "City"));
create table shop (country text not null, "City" text,
    foreign key (country, "City") references "Place");
