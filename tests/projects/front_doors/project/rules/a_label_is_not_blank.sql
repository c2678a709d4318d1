-- title: a label says something
-- why: a blank label cannot be clicked
-- breaks: update "a""b" set label = ' '
select id from "a""b" where btrim(label) = ''
