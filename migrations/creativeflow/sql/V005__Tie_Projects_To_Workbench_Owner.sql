-- Refuse new projects whose owner is not their workbench's owner.
--
-- The design leaves this to application logic or triggers; both race under READ COMMITTED, a
-- foreign key on the pair does not. NOT VALID: rows written from here on are held to it, rows from
-- before are looked at by V006, outside this lock (SHARE ROW EXCLUSIVE on both tables, ACCESS
-- EXCLUSIVE on workbenches for the finished index, for an instant).

SET LOCAL lock_timeout = '5s';

ALTER TABLE workbenches
    ADD CONSTRAINT uq_workbenches_id_user_id UNIQUE USING INDEX uq_workbenches_id_user_id;

ALTER TABLE projects ADD CONSTRAINT fk_projects_workbench_id_user_id
    FOREIGN KEY (workbench_id, user_id) REFERENCES workbenches (id, user_id)
    ON DELETE CASCADE ON UPDATE CASCADE
    NOT VALID;
