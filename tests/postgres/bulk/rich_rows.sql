set session_replication_role = replica;
insert into shop.customers (name, email, others, nick, flags, price, ratio, at, seen, span, tags,
                            status, total, note, body, period)
  select 'name ' || n, 'n' || n || '@example.com', array['o@example.com']::shop.emails, 'Nick' || n,
         b'101', n, n / 3.0, now(), now(), interval '1 day', array['a', 'b'], 'Paid',
         (n, 'EUR')::shop.money_amount, repeat('long ', 900), repeat('x', 3000),
         daterange('2025-01-01', '2025-02-01')
  from generate_series(1, 50) n;
insert into "Straße"."select"
  select n, 'x' || n, n, 100 + 2 * (n - 1), case when n > 1 then n - 1 end
  from generate_series(1, 40) n;
insert into "Straße"."order" select n, n, nullif(n - 1, 0) from generate_series(1, 30) n;
insert into shop.cache select 'k' || n, jsonb_build_object('n', n) from generate_series(1, 20) n;
insert into shop.base select n, 'kind' from generate_series(1, 20) n;
insert into shop.derived select n, 'kind', 'extra' from generate_series(1, 20) n;
insert into shop.typed select n, 'EUR' from generate_series(1, 20) n;
insert into shop.serials (n) select n from generate_series(1, 20) n;
insert into shop.events (at, customer, kind)
  select '2025-01-01'::timestamptz + n * interval '1 day', 100 + 2 * ((n + 50) % 50),
         (array['a', 'it''s', 'other'])[1 + (n + 9) % 3]
  from generate_series(-5, 60) n;
insert into shop.hashed select n, n from generate_series(1, 40) n;
insert into shop.event_notes select row_number() over (), id, at, kind from shop.events
  order by at limit 50;
