-- title: an order's lines add up to its subtotal, and its parts to its total
-- why: the customer is charged the total and the printer is paid by the lines
-- breaks: update merch_orders set "totalAmount" = "totalAmount" + 0.01
-- breaks: update merch_orders set subtotal = subtotal + 1, "totalAmount" = "totalAmount" + 1
-- breaks: update merch_order_items set quantity = quantity + 1
-- breaks: update merch_order_items set "unitPrice" = "unitPrice" + 1, "totalPrice" = "totalPrice" + quantity
select o.id as order_id, o.subtotal, o."totalAmount", l.lines, l.wrong_lines
from merch_orders as o
left join (
    select
        i."orderId",
        sum(i."totalPrice") as lines,
        count(*) filter (where i."totalPrice" <> i.quantity * i."unitPrice") as wrong_lines
    from merch_order_items as i
    group by i."orderId"
) as l on l."orderId" = o.id
where o."totalAmount" <> o.subtotal + o."shippingCost" + o."taxAmount"
   or o.subtotal <> coalesce(l.lines, 0)
   or l.wrong_lines > 0
order by o.id
