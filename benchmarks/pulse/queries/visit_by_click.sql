-- name: the visit that an advertisement brought
-- why: each conversion is matched with its click
-- often: 2 a second
-- parameter click: visitor_sessions.gclid
-- expect: index visitor_sessions_gclid_idx
-- expect: at most 1 row read per row

select id, "utmCampaign"
from visitor_sessions
where gclid = :click;
