-- Its rows, made by plain SQL. Every text starts with a word that must never leave the database.
select setseed(0.42);

insert into countries
select chr(65 + i / 26) || chr(65 + i % 26), 'qqmarker country ' || i, 'qqmarker region ' || i % 6
from generate_series(0, 79) i;

insert into customers (id, email, country, tier, nickname, referrer_id, birthday, is_active,
                       balance, created_at)
select i, 'qqmarker' || i || '@shop.test',
       (select code from countries offset (79 * power(random(), 4) + 0 * i)::int limit 1),
       (array['free', 'free', 'free', 'free', 'free', 'free', 'pro', 'pro', 'team'])
           [1 + (9 * random())::int % 9],
       case when random() < 0.4 then 'qqmarker' || (3000 * random())::int end,
       case when i > 100 and random() < 0.15 then 1 + (99 * random())::int end,
       case when random() < 0.7 then date '1950-01-01' + (18000 * random())::int end,
       random() < 0.9, (random() * 900)::numeric(12, 2),
       timestamptz '2024-01-01 00:00+00' + i * interval '1 hour'
from generate_series(1, 2000) i;

insert into products
select i, 'qqmarker' || lpad(i::text, 6, '0'), 'qqmarker title ' || md5(i::text),
       case when random() < 0.8
            then 'qqmarker ' || (select string_agg(md5(random()::text || g), ' ')
                                 from generate_series(1, 10 + 0 * i) g) end,
       jsonb_build_object('colour', 'qqmarker' || (i % 40), 'weight', (1000 * random())::int),
       (1 + 400 * random())::numeric(10, 2),
       case when random() < 0.6 then 1 + (4 * sqrt(random()))::int end,
       500 - i / 4
from generate_series(1, 500) i;

insert into orders
select i, 1 + (1999 * power(random(), 3))::int,
       (array['draft', 'placed', 'paid', 'paid', 'paid', 'paid', 'shipped', 'shipped', 'shipped',
              'returned'])[1 + (10 * random())::int % 10]::order_status,
       case when random() < 0.85
            then timestamptz '2025-01-01 00:00+00' + i * interval '7 minutes' end,
       case when random() < 0.2 then (5 * (1 + (9 * random())::int))::numeric(5, 2) end,
       case when random() < 0.1 then 'qqmarker note ' || md5(random()::text) end,
       md5(random()::text || i)::uuid,
       'qqmarker city ' || (place / 4), 'qqmarker' || place,
       timestamptz '2025-01-01 00:00+00' + i * interval '7 minutes'
from (select i, (200 * power(random(), 2))::int as place from generate_series(1, 6000) i) o;

insert into order_lines
select i, l, 1 + (499 * power(random(), 5))::int, 1 + (20 * power(random(), 4))::int
from generate_series(1, 6000) i, generate_series(1, 1 + i % 4) l;

insert into visits
select i, case when random() < 0.6 then 1 + (1999 * random())::int end,
       'qqmarker/' || (60 * power(random(), 2))::int, (30000 * power(random(), 3))::int,
       case when i <= 2400 then timestamptz '2026-01-01 00:00+00' + i * interval '15 minutes'
            when i <= 6000
            then timestamptz '2026-02-01 00:00+00' + (i - 2400) * interval '11 minutes'
            else timestamptz '2026-03-01 00:00+00' + (i - 6000) * interval '7 minutes' end
from generate_series(1, 12000) i;

insert into reviews
select i, 1 + (499 * power(random(), 2))::int,
       case when random() < 0.9 then 1 + (1999 * random())::int end,
       'qqmarker ' || repeat(md5(random()::text || i), 1 + (12 * random())::int),
       1 + (4 * power(random(), 0.4))::int,
       opened, case when random() < 0.5 then opened + random() * interval '9 days' end
from (select i, timestamp '2025-06-01' + random() * interval '300 days' as opened
      from generate_series(1, 1500) i) r;

analyze;
