-- bad
create table "Team" (id bigint primary key, "Captain" bigint);
create table player (id bigint primary key, team_id bigint references "Team" on delete cascade);
create index on player (team_id);
create index on "Team" ("Captain");
alter table "Team" add foreign key ("Captain") references player on delete cascade;

-- good
create table "Team" (id bigint primary key, "Captain" bigint);
create table player (id bigint primary key, team_id bigint references "Team" on delete cascade);
create index on player (team_id);
create index on "Team" ("Captain");
alter table "Team" add foreign key ("Captain") references player on delete set null;

-- near miss: a tree, and a circle that one key does not go along
create table "Node" (id bigint primary key, "Parent" bigint references "Node" on delete cascade);
create index on "Node" ("Parent");
create table one (id bigint primary key, other bigint);
create table two (id bigint primary key, other bigint references one on delete cascade);
create index on two (other);
create index on one (other);
alter table one add foreign key (other) references two;
