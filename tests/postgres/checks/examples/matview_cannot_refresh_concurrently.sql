-- bad: none; one that is partial, one on an expression
create materialized view "Totals" as select 1 as "Day", 2 as total;
create unique index on "Totals" ("Day") where total > 0;
create unique index on "Totals" (("Day" + 1));

-- good
create materialized view "Totals" as select 1 as "Day", 2 as total;
create unique index on "Totals" ("Day");

-- near miss: a view, which is not refreshed
create view "Totals" as select 1 as "Day";
