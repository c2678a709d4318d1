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
