-- name: a voucher by its code
-- why: redeeming one, and guessing one
-- often: 5 a second
-- parameter code: vouchers.code
-- expect: index vouchers_code_idx or vouchers_code_key
-- expect: at most 1 row read per row
-- expect: at most 8 shared buffers

select id, type, value, status, "expiresAt"
from vouchers
where code = :code;
