-- name: a user's connection to one platform
-- why: each publication looks it up
-- often: 5 a second
-- parameter user: social_media_connections.user_id
-- parameter platform: select platform from social_media_connections where user_id = :user
--   order by platform limit 1
-- parameter platform absent: 'TikTok'
-- expect: index uq_social_media_connections_user_id_platform
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers

select id, external_user_id, access_token, expires_at
from social_media_connections
where user_id = :user and platform = :platform;
