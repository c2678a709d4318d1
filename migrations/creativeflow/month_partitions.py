"""Turning a table into one partitioned by month, and back, keeping every row and every right.

Part of revisions 0009 to 0011 and frozen with them: what changes later is a new revision's.
Everything is SQL that does not look at the database from Python, so offline mode writes it too.
"""

from collections.abc import Callable

from alembic import op

# The first months, from the one this was written in. Which months exist later is a rule, kept by
# create_month_partitions(); a run of it beside these changes nothing.
FIRST_SPAN = ("2026-11-01", "2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01")
END_OF_SPAN = "2027-05-01"


def replace_by_partitioned(
    table: str, key: str, *, before_months: Callable[[], None] | None = None
) -> None:
    """Put an empty partitioned table in the place of `table`, which stays as `<table>_old`.

    `before_months` runs while the new table has no partition yet. Months of rows outside the first
    span are created as the rows need them; times no month can hold (infinite, before year 1) are
    left to the default partition.
    """
    rename_away(table)
    op.execute(
        f"CREATE TABLE {quote(table)}"
        f" (LIKE {quote(old(table))} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)"
        f" PARTITION BY RANGE ({quote(key)})"
    )
    if before_months is not None:
        before_months()
    for first, following in zip(FIRST_SPAN, (*FIRST_SPAN[1:], END_OF_SPAN), strict=True):
        month = f"{table}_{first[:4]}_{first[5:7]}"
        op.execute(
            f"CREATE TABLE {quote(month)} PARTITION OF {quote(table)}"
            f" FOR VALUES FROM ('{first}') TO ('{following}')"
        )
    op.execute(f"CREATE TABLE {quote(f'{table}_default')} PARTITION OF {quote(table)} DEFAULT")
    op.execute(
        f"SELECT create_month_partition('{quote(table)}', month)"
        f" FROM (SELECT DISTINCT date_trunc('month', {quote(key)})::date AS month"
        f" FROM {quote(old(table))}"
        f" WHERE {quote(key)} >= '0001-01-01' AND {quote(key)} < 'infinity') AS months"
    )


def replace_by_plain(table: str) -> None:
    """Put an empty plain table in the place of `table`, which stays as `<table>_old`."""
    rename_away(table)
    op.execute(
        f"CREATE TABLE {quote(table)}"
        f" (LIKE {quote(old(table))} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY)"
    )


def take_rows_over(table: str) -> None:
    """Copy rows and rights from `<table>_old`, then drop that."""
    op.execute(f"INSERT INTO {quote(table)} SELECT * FROM {quote(old(table))}")
    op.execute(COPY_RIGHTS.format(new=quote(table), old=quote(old(table))))
    op.drop_table(old(table))


def refuse_repeated_ids(table: str) -> None:
    """A plain table's key is the id alone: stop, with the count and the query, if one repeats."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"LOCK TABLE {quote(table)} IN ACCESS EXCLUSIVE MODE")
    op.execute(REFUSE_REPEATED_IDS.format(table=quote(table)))


def rename_away(table: str) -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"LOCK TABLE {quote(table)} IN ACCESS EXCLUSIVE MODE")
    op.rename_table(table, old(table))


def old(table: str) -> str:
    return f"{table}_old"


def quote(name: str) -> str:
    return op.get_context().dialect.identifier_preparer.quote(name)


REFUSE_REPEATED_IDS = """
DO $$
DECLARE
    repeated bigint;
BEGIN
    SELECT count(*) INTO repeated
      FROM (SELECT id FROM {table} GROUP BY id HAVING count(*) > 1) AS ids;
    IF repeated > 0 THEN
        RAISE EXCEPTION '% ids stand more than once in {table}: a plain table cannot hold them',
                        repeated
            USING ERRCODE = 'unique_violation',
                  HINT = 'See them: SELECT id, count(*) FROM {table}'
                         ' GROUP BY id HAVING count(*) > 1 ORDER BY id';
    END IF;
END
$$"""

# Rights on the table and on its columns, in the words of whoever granted them.
COPY_RIGHTS = """
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, '' AS columns
          FROM pg_class c, aclexplode(c.relacl) AS acl
         WHERE c.oid = '{old}'::regclass
         UNION ALL
        SELECT acl.grantee, acl.privilege_type, acl.is_grantable, format(' (%I)', a.attname)
          FROM pg_attribute a, aclexplode(a.attacl) AS acl
         WHERE a.attrelid = '{old}'::regclass AND NOT a.attisdropped
    LOOP
        EXECUTE format(
            'GRANT %s%s ON {new} TO %s%s',
            granted.privilege_type,
            granted.columns,
            CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
            CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
END
$$"""
