-- name: how often an action was taken
-- why: the page of an action shows it; the count must come from the index, not from the log
-- often: 1 a minute
-- parameter action: select action_type from usage_logs group by 1 order by count(*), 1 limit 1
-- parameter action absent: 'nobody.does.this'
-- expect: index only idx_usagelog_actiontype
-- expect: no sequential scan
-- expect: growth at most linear

select count(*)
from usage_logs
where action_type = :action;
