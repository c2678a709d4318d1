-- bad
create table "Event" ("Payload" json);

-- good
create table "Event" ("Payload" jsonb);

-- near miss
create table "Event" ("json" text);
