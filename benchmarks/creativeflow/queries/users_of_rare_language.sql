-- name: accounts with a language that few have
-- why: announcements go out by language, and the small ones must not read all accounts
-- often: 10 a day
-- parameter language: select language_preference from users group by 1 order by count(*), 1 limit 1
-- parameter language absent: 'xx-XX'
-- expect: index idx_user_languagepreference
-- expect: at most 1 row read per row

select id, email, full_name
from users
where language_preference = :language;
