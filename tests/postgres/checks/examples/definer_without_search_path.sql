-- bad: two of one name, a procedure
create function "countUsers"() returns bigint language plpgsql security definer as 'begin return 1; end';
create function "countUsers"("A b" int) returns bigint language sql security definer as 'select 1::bigint';
create procedure p() language plpgsql security definer as 'begin end';

-- good
create function "countUsers"() returns bigint language plpgsql security definer
    set search_path = pg_catalog, pg_temp as 'begin return 1; end';

-- near miss: the caller's rights; names bound when it was made
create function "countUsers"() returns bigint language plpgsql as 'begin return 1; end';
create function bound() returns bigint language sql security definer begin atomic select 1::bigint; end;
create function returned() returns bigint language sql security definer return 1::bigint;
