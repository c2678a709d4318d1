-- name: what vouchers a user has redeemed
-- why: checked before each redemption
-- often: 2 a second
-- parameter user: voucher_redemptions."userId"
-- expect: index "voucher_redemptions_userId_redeemedAt_idx" or
--   "voucher_redemptions_voucherId_userId_key"
-- expect: at most 1 row read per row

select id, "voucherId", "redeemedAt"
from voucher_redemptions
where "userId" = :user
order by "redeemedAt" desc;
