-- title: a voucher counts its redemptions, and allows no more than its limit
-- why: a counter that lags behind lets a limited code be used again and again
-- breaks: update vouchers set "currentUses" = "currentUses" + 1
-- breaks: delete from voucher_redemptions
-- breaks: update vouchers set "maxUses" = 0
select v.id as voucher_id, v.code, v."currentUses", v."maxUses", count(r.id) as redemptions
from vouchers as v
left join voucher_redemptions as r on r."voucherId" = v.id
group by v.id
having v."currentUses" <> count(r.id) or v."currentUses" > v."maxUses"
order by v.id
