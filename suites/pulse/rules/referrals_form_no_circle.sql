-- title: nobody was brought by somebody they brought themselves
-- why: referrals pay tokens, and a circle pays without end
-- breaks: update users set "referredById" = id
with recursive above as (
    select u.id, u."referredById" as ancestor from users as u where u."referredById" is not null
    union
    select a.id, u."referredById"
    from above as a
    join users as u on u.id = a.ancestor
    where u."referredById" is not null
)
select a.id as user_id
from above as a
where a.ancestor = a.id
order by a.id
