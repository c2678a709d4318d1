-- title: a line's variant is one of its product, and its parcel one of its order
-- why: the wrong shirt is printed, or sent to somebody else
-- breaks: update merch_order_items as i set "variantId" = v.id
--   from merch_variants as v where v."productId" <> i."productId"
-- breaks: update merch_order_items as i set "shipmentId" = s.id
--   from merch_shipments as s where s."orderId" <> i."orderId"
-- breaks: update merch_cart_items as i set "variantId" = v.id
--   from merch_variants as v where v."productId" <> i."productId"
select 'order' as line_of, i.id, i."productId", v."productId" as variant_of, s."orderId" as parcel_of
from merch_order_items as i
left join merch_variants as v on v.id = i."variantId"
left join merch_shipments as s on s.id = i."shipmentId"
where v."productId" <> i."productId" or s."orderId" <> i."orderId"
union all
select 'cart', i.id, i."productId", v."productId", null
from merch_cart_items as i
join merch_variants as v on v.id = i."variantId"
where v."productId" <> i."productId"
order by line_of, id
