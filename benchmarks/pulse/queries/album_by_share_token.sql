-- name: the album behind a shared link
-- why: whoever is sent a link waits for it
-- often: 5 a second
-- parameter token: albums."shareToken"
-- expect: index "albums_shareToken_idx" or "albums_shareToken_key"
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers

select id, name, "userId"
from albums
where "shareToken" = :token;
