-- name: a user's own templates
-- why: the page of one's templates
-- often: 2 a second
-- parameter user: templates.user_id
-- expect: index idx_template_userid
-- expect: at most 1 row read per row

select id, name, category, is_public
from templates
where user_id = :user;
