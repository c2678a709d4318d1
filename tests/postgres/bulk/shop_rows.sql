set session_replication_role = replica;
alter table item disable trigger user;
insert into owner (id, name, favourite, boss)
  select n, 'owner ' || n, 1 + n * 7 % 400, case when n % 3 = 0 then 1 + (n + 50) % 100 end
  from generate_series(1, 100) n;
insert into item (id, owner, kind, tags, body, number, down)
  select n, 1 + n * 13 % 100, (array['a', 'b', 'c']::kind[])[1 + n % 3],
         array['t' || n % 5, 'ü' || n % 7], jsonb_build_object('n', n, 'text', repeat('x', n % 50)),
         n, -n
  from generate_series(1, 400) n;
insert into stay select n % 10, daterange('2025-01-01'::date + n, '2025-01-01'::date + n + 1), n
  from generate_series(1, 60) n;
insert into happened (at, kind, item)
  select '2025-01-01 00:00+00'::timestamptz + n * interval '2 hours 50 minutes',
         (array['a', 'b', 'c']::kind[])[1 + n % 3], 1 + n % 400
  from generate_series(1, 490) n;
update happened h set old_id = o.id, old_at = o.at, old_kind = o.kind
  from happened o where o.id = h.id + 5 and h.id % 4 = 0;
insert into note select gen_random_uuid(), id, at, kind from happened where id % 3 = 0;
