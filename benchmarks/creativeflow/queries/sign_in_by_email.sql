-- name: sign in by email
-- why: every sign-in waits for it, and bots ask for addresses that nobody has
-- often: 20 a second
-- parameter email: users.email
-- plans: custom, generic
-- expect: index uq_user_email
-- expect: at most 1 row read per row
-- expect: at most 6 shared buffers
-- expect: growth at most logarithmic

select id, email, password_hash, mfa_enabled, is_email_verified, deleted_at
from users
where email = :email;
