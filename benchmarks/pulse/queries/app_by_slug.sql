-- name: an app by its slug
-- why: every visit of a published app
-- often: 100 a second
-- parameter slug: apps.slug
-- expect: index apps_slug_idx or apps_slug_key
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers
-- expect: growth at most logarithmic

select id, name, status, "codespaceUrl"
from apps
where slug = :slug;
