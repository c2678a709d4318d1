-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE INDEX idx_generation_results_generation_request_id
    ON generation_results (generation_request_id);
