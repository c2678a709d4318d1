-- bad
create table "Comment" (id bigint primary key, "subjectId" bigint not null, "subjectType" text);

-- good
create table "Comment" (id bigint primary key, "subjectId" bigint not null, "subjectType" text not null);

-- near miss: NULL together; a foreign key beside a type that means something else
create table "Comment" (id bigint primary key, "subjectId" bigint, "subjectType" text);
create table kind (id bigint primary key);
create table t (kind_id bigint not null references kind, kind_type text);
