-- title: a brand kit in use belongs to the user, or to a team the user owns or is in
-- why: colours, fonts and logos of another customer's brand would turn up in the work
-- breaks: update workbenches as w set default_brand_kit_id = k.id
--   from brand_kits as k where k.user_id <> w.user_id
-- breaks: update projects as p set brand_kit_id = k.id
--   from brand_kits as k where k.user_id <> p.user_id
with uses as (
    select 'workbench' as used_by, w.id, w.user_id, w.default_brand_kit_id as brand_kit_id
    from workbenches as w
    union all
    select 'project', p.id, p.user_id, p.brand_kit_id
    from projects as p
)
select u.used_by, u.id, u.user_id, k.id as brand_kit_id, k.user_id as kit_owner, k.team_id
from uses as u
join brand_kits as k on k.id = u.brand_kit_id
where k.user_id <> u.user_id
  and not exists (
      select from team_members as m where m.team_id = k.team_id and m.user_id = u.user_id
  )
  and not exists (
      select from teams as t where t.id = k.team_id and t.owner_id = u.user_id
  )
order by u.used_by, u.id
