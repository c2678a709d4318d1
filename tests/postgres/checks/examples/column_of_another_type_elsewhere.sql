-- bad
create table a ("tenantId" uuid);
create table b ("tenantId" uuid);
create table c ("tenantId" text);

-- good
create table a ("tenantId" uuid);
create table b ("tenantId" uuid);
create table c ("tenantId" uuid);

-- near miss: no majority; a domain over it; a name that is no key's
create domain tenant as uuid;
create table a ("tenantId" uuid, x_id int, valid int);
create table b ("tenantId" tenant, x_id text, valid text);
create table c ("tenantId" uuid, valid int);
