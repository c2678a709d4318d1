-- name: the public templates of a category
-- why: browsing a shelf of the gallery
-- often: 10 a second
-- parameter category: templates.category
-- expect: index idx_template_category_ispublic
-- expect: no sequential scan

select id, name, preview_url
from templates
where category = :category and is_public
order by name
limit 24;
