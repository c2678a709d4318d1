-- Shapes first met in other people's schemas, in miniature.
create schema strangers;
set search_path = strangers;

-- A reference to (kind, id) whose CHECK wants one kind: its parent has to be of that kind.
create table job (
  id int primary key,
  kind text not null check (kind in ('prompt', 'evaluation')),
  unique (kind, id)
);
create table prompt (
  id int primary key,
  kind text not null default 'prompt' check (kind = 'prompt'),
  foreign key (kind, id) references job (kind, id) on delete cascade
);

create table batch (id int primary key);
create table evaluation (
  id int primary key,
  kind text not null default 'evaluation' check (kind = 'evaluation'),
  batch_id int not null references batch (id) on delete cascade,
  foreign key (kind, id) references job (kind, id)
);

-- A default within a key that refers: the row that it refers to has to be there. And keys handed
-- down over two generations: a row that differs in one of them needs a grandparent of its own.
create table model (
  workspace text not null default 'home',
  name text not null,
  primary key (workspace, name)
);
create table model_version (
  workspace text not null default 'home',
  name text not null,
  version int not null,
  primary key (workspace, name, version),
  foreign key (workspace, name) references model (workspace, name)
);
create table model_version_tag (
  key text not null,
  workspace text not null default 'home',
  name text not null,
  version int not null,
  primary key (key, workspace, name, version),
  foreign key (workspace, name, version) references model_version (workspace, name, version)
);

-- A key that a trigger guards: what it would do to the rows below never happens.
create table secret (id int primary key, note text);
create table use_of_secret (
  id int primary key,
  secret_id int references secret (id) on update cascade
);
create function keep_id() returns trigger language plpgsql as $$
begin
  if new.id is distinct from old.id then raise exception 'ids stay as they are'; end if;
  return new;
end $$;
create trigger keep_id before update on secret for each row execute function keep_id();

-- Three ways to sign in, told apart by CHECKs over eight columns.
create table account (
  id int primary key,
  method text not null check (method in ('local', 'oauth', 'ldap')),
  email text unique,
  hash bytea,
  salt bytea,
  client text,
  subject text,
  entry text unique,
  constraint a_local check (method <> 'local' or (hash is not null and salt is not null
    and client is null and subject is null and entry is null and email is not null)),
  constraint no_password check (method = 'local' or (hash is null and salt is null)),
  constraint by_oauth check (method <> 'oauth' or (entry is null and client is not null
    and subject is not null and email is not null)),
  constraint by_ldap check (method <> 'ldap' or (client is null and subject is null
    and (email is not null or entry is not null)))
);
