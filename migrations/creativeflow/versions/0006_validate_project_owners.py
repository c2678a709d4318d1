"""Hold the projects from before to their workbench's owner too, and drop the simpler key.

Who owns a mixed project is not for a migration to decide: if there is one, it refuses, with the
count and the query. Validating lets readers and writers go on; dropping the key on workbench_id
alone, which the pair implies, locks both tables for an instant at the very end.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-05 11:00:00
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REFUSE_MIXED_OWNERS = """
DO $$
DECLARE
    mixed bigint;
BEGIN
    SELECT count(*) INTO mixed
      FROM projects p JOIN workbenches w ON w.id = p.workbench_id
     WHERE p.user_id <> w.user_id;
    IF mixed > 0 THEN
        RAISE EXCEPTION '% projects have another owner than their workbench', mixed
            USING ERRCODE = 'foreign_key_violation',
                  HINT = 'See them: SELECT p.id, p.user_id, w.user_id AS workbench_owner'
                         ' FROM projects p JOIN workbenches w ON w.id = p.workbench_id'
                         ' WHERE p.user_id <> w.user_id ORDER BY p.id';
    END IF;
END
$$"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(REFUSE_MIXED_OWNERS)
    op.execute("ALTER TABLE projects VALIDATE CONSTRAINT fk_projects_workbench_id_user_id")
    op.drop_constraint(op.f("fk_projects_workbench_id"), "projects")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_foreign_key(
        op.f("fk_projects_workbench_id"),
        "projects",
        "workbenches",
        ["workbench_id"],
        ["id"],
        ondelete="CASCADE",
    )
    # Validity cannot be taken back; the constraint is made anew, as revision 0005 left it.
    op.drop_constraint(op.f("fk_projects_workbench_id_user_id"), "projects")
    op.create_foreign_key(
        op.f("fk_projects_workbench_id_user_id"),
        "projects",
        "workbenches",
        ["workbench_id", "user_id"],
        ["id", "user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        postgresql_not_valid=True,
    )
