-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE generation_requests (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    project_id UUID,
    input_prompt TEXT NOT NULL,
    style_guidance TEXT,
    input_parameters JSONB,
    status VARCHAR(50) DEFAULT 'Pending' NOT NULL,
    error_message TEXT,
    sample_assets JSONB,
    selected_sample_id UUID,
    final_asset_id UUID,
    credits_cost_sample NUMERIC(10, 2),
    credits_cost_final NUMERIC(10, 2),
    ai_model_used VARCHAR(100),
    processing_time_ms INTEGER,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    updated_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_generation_requests PRIMARY KEY (id),
    CONSTRAINT uq_generation_requests_final_asset_id UNIQUE (final_asset_id),
    CONSTRAINT uq_generation_requests_selected_sample_id UNIQUE (selected_sample_id),
    CONSTRAINT fk_generation_requests_project_id
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_generation_requests_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE RESTRICT,
    CONSTRAINT ck_generation_requests_credits_cost_final CHECK (credits_cost_final >= 0),
    CONSTRAINT ck_generation_requests_credits_cost_sample CHECK (credits_cost_sample >= 0),
    CONSTRAINT ck_generation_requests_status
        CHECK (status IN ('Pending', 'Processing', 'Completed', 'Failed'))
);

COMMENT ON TABLE generation_requests
    IS 'Requests to the AI models, with their inputs, state and cost.';
COMMENT ON COLUMN generation_requests.id IS 'Surrogate key.';
COMMENT ON COLUMN generation_requests.user_id
    IS 'Who asked; such an account is marked as deleted, never removed.';
COMMENT ON COLUMN generation_requests.project_id
    IS 'Project it was asked for; NULL once that is gone, the history stays.';
COMMENT ON COLUMN generation_requests.input_prompt
    IS 'What the user asked for, in the user''s words. [personal]';
COMMENT ON COLUMN generation_requests.style_guidance IS 'Wishes about style, in words.';
COMMENT ON COLUMN generation_requests.input_parameters
    IS 'Parameters handed to the model, free form.';
COMMENT ON COLUMN generation_requests.status IS 'How far the request has come.';
COMMENT ON COLUMN generation_requests.error_message IS 'Why it failed, if it did.';
COMMENT ON COLUMN generation_requests.sample_assets IS 'List of the samples offered, by asset id.';
COMMENT ON COLUMN generation_requests.selected_sample_id IS 'Sample that the user chose.';
COMMENT ON COLUMN generation_requests.final_asset_id IS 'Finished asset that came of it.';
COMMENT ON COLUMN generation_requests.credits_cost_sample IS 'Credits the samples cost.';
COMMENT ON COLUMN generation_requests.credits_cost_final IS 'Credits the finished asset cost.';
COMMENT ON COLUMN generation_requests.ai_model_used
    IS 'Name of the model that answered, as it was then.';
COMMENT ON COLUMN generation_requests.processing_time_ms
    IS 'Time the models took, in milliseconds.';
COMMENT ON COLUMN generation_requests.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN generation_requests.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
