-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

ALTER TABLE generation_requests ADD CONSTRAINT fk_generation_requests_final_asset_id
    FOREIGN KEY(final_asset_id)
    REFERENCES assets (id)
    ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE generation_requests ADD CONSTRAINT fk_generation_requests_selected_sample_id
    FOREIGN KEY(selected_sample_id)
    REFERENCES assets (id)
    ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;

ALTER TABLE ai_model_versions ADD CONSTRAINT fk_ai_model_versions_validation_result_id_id
    FOREIGN KEY(validation_result_id, id)
    REFERENCES ai_model_validation_results (id, model_version_id)
    ON DELETE SET NULL (validation_result_id) ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE;
