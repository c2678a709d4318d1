-- Hold the projects from before to their workbench's owner too, and drop the simpler key.
--
-- Who owns a mixed project is not for a migration to decide: if there is one, this refuses, with
-- the count and the query. Validating lets readers and writers go on; dropping the key on
-- workbench_id alone, which the pair implies, locks both tables for an instant at the very end.

SET LOCAL lock_timeout = '5s';

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
$$;

ALTER TABLE projects VALIDATE CONSTRAINT fk_projects_workbench_id_user_id;
ALTER TABLE projects DROP CONSTRAINT fk_projects_workbench_id;
