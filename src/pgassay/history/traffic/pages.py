"""The pages of what live traffic, a rolling deploy and plans behind a migration can find."""

PAGES = {
    "migration_stall": """Statements stood still behind a lock of the migration.

    Seen, not guessed: clients read and wrote while the revision ran on rows, and pg_locks showed
    theirs waiting behind its lock for longer than the limit. While it lasts, every page that needs
    the table hangs; connections pile up until the pool is empty, and then all pages hang.

        alter table orders alter amount type bigint;            -- rewrites it, nobody reads
        create index on orders (amount);                        -- nobody writes

    Take the strong lock for an instant only, and do what takes time outside of it: CREATE INDEX
    CONCURRENTLY, NOT VALID and VALIDATE, a new column filled in batches, each step in a transaction
    of its own. A table that holds few rows in production as well may be left as it is: accept it.
    """,
    "migration_queue": """A migration waits for its lock without a limit, and everybody behind it.

    A transaction that stays open (a report, a dump, a session that somebody forgot) is enough. The
    migration waits for it, and whatever comes after the migration waits in the queue, readers too,
    although the migration has not even begun (Explicit Locking).

        set lock_timeout = '2s';
        alter table orders add column note text;

    With lock_timeout it gives up with 55P03 and frees the queue. Run it again until it comes
    through; nothing has happened.
    """,
    "migration_deadlock": """The migration and a client waited for each other.

    It held one table and wanted a second, a client held the second and wanted the first. The server
    ends one of them: a user sees an error, or the migration is undone after all its work.

    Lock one table in a transaction. Where it has to be several (a foreign key is added or dropped,
    a referenced table goes), lock them all at its beginning, in the order in which the application
    writes them, with a lock_timeout.
    """,
    "migration_refusal": """The migration, or a client's statement, was refused beside the other.

    Of clients it is mostly 0A000, `cached plan must not change result type`: sessions that prepared
    a statement before the type of one of its columns changed cannot run it until they prepare it
    anew, and pools keep sessions for hours. Let the pool open new sessions when it has run.

    Or it was the migration itself: it failed beside its clients, though it runs when it is alone,
    or gave up twice. Lock less and for an instant only; what needs the table for itself needs a
    quiet hour: accept it with that reason.

    What the new schema refuses for good (a column that is gone) is told by `rolling_deploy`.
    """,
    "rolling_deploy": """Running code breaks: what it said before is refused behind the migration.

    While a release is rolled out, old code meets the new schema. What an application that knows the
    catalog of before would say (SELECT, UPDATE and INSERT of every column, and the hot queries) is
    put to the schema behind, and where that refuses it, what new code says to the old schema.

        alter table users rename name to full_name;   -- 42703 for all that runs
        alter table users add age int not null;       -- no: it fails on rows; with rows, 23502

    An error: no order of deployment works, since the old schema refuses the new code as well. Make
    it two steps: add the new, fill both, and take away the old in a later revision. A warning: it
    works if the code is deployed first, and everywhere, before this runs.
    """,
    "plan_behind": """A hot query has another plan behind the migration.

    It is explained with the same values on the same rows on both sides. An error: something that
    its file expects (an index, at most so many buffers) was kept before and is not any more. A
    warning: it reads more, or otherwise, and still keeps what it is to keep. Where new statistics
    mend it, the revision should end with ANALYZE.
    """,
}
