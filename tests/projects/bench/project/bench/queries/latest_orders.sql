-- name: a customer's latest orders
-- why: the first page of the shop
-- parameter customer: orders."customerId"
-- expect: index "ordersOfCustomer"
-- expect: no sequential scan of orders
-- expect: at most 3 rows read per row

select id, note, "placedAt"
from orders
where "customerId" = :customer
order by "placedAt" desc
limit 10;
