-- name: the templates with a tag
-- why: a click on a tag, and the search
-- often: 5 a second
-- parameter tag: select jsonb_build_array(tag) from templates, jsonb_array_elements_text(tags) as tag
--   group by tag order by count(*), tag limit 1 offset 3
-- parameter tag absent: '["nobody-uses-this"]'
-- expect: index idx_template_tags_gin
-- expect: no sequential scan

select id, name, preview_url
from templates
where tags @> :tag;
