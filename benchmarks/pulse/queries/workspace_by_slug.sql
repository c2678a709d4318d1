-- name: a workspace by its slug
-- why: every address of a workspace
-- often: 100 a second
-- parameter slug: workspaces.slug
-- expect: index workspaces_slug_idx or workspaces_slug_key
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers
-- expect: growth at most logarithmic

select id, name, "subscriptionTier"
from workspaces
where slug = :slug;
