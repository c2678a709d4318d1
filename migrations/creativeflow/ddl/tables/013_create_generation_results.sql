-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE generation_results (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    generation_request_id UUID NOT NULL,
    asset_id UUID NOT NULL,
    is_selected BOOLEAN DEFAULT false NOT NULL,
    resolution VARCHAR(20) NOT NULL,
    CONSTRAINT pk_generation_results PRIMARY KEY (id),
    CONSTRAINT uq_generation_results_asset_id UNIQUE (asset_id),
    CONSTRAINT fk_generation_results_asset_id
        FOREIGN KEY(asset_id) REFERENCES assets (id) ON DELETE CASCADE,
    CONSTRAINT fk_generation_results_generation_request_id
        FOREIGN KEY(generation_request_id) REFERENCES generation_requests (id) ON DELETE CASCADE
);

COMMENT ON TABLE generation_results IS 'Outputs of requests, each stored as one asset.';
COMMENT ON COLUMN generation_results.id IS 'Surrogate key.';
COMMENT ON COLUMN generation_results.generation_request_id IS 'Request it answers.';
COMMENT ON COLUMN generation_results.asset_id IS 'Asset it was stored as.';
COMMENT ON COLUMN generation_results.is_selected IS 'Whether the user chose this output.';
COMMENT ON COLUMN generation_results.resolution IS 'Width and height of the output.';
