-- bad: the time, a table, a body in SQL's own syntax
create table "Rate" ("Id" int primary key, rate numeric);
create function "aged"(born date) returns int language sql immutable
    as $$ select date_part('year', age(Current_Date, born))::int $$;
create function rated(x numeric) returns numeric language plpgsql immutable
    as $$ begin return (select x * rate from "Rate" limit 1); end $$;
create function later() returns timestamptz language sql immutable as 'select now()';

-- good
create function "aged"(born date) returns int language sql stable
    as $$ select date_part('year', age(current_date, born))::int $$;

-- near miss: a comment, a constant, FROM of other kinds
create table "Rate" ("Id" int primary key, rate numeric);
create function a(x date) returns int language sql immutable as $$
    -- unlike now() or a look from "Rate"s
    select extract(year from x)::int + length('current_date') $$;
create function b(x text) returns text language sql immutable as $$ select substring(x from 2) $$;
