-- Written from schema/creativeflow by reference_ddl.py: change the models, not this.

CREATE TABLE ai_model_feedbacks (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    generation_request_id UUID,
    model_version_id UUID,
    rating INTEGER,
    comment TEXT,
    feedback_timestamp TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    details JSONB,
    created_at TIMESTAMP WITHOUT TIME ZONE DEFAULT timezone('utc', now()) NOT NULL,
    CONSTRAINT pk_ai_model_feedbacks PRIMARY KEY (id),
    CONSTRAINT fk_ai_model_feedbacks_generation_request_id
        FOREIGN KEY(generation_request_id) REFERENCES generation_requests (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_ai_model_feedbacks_model_version_id
        FOREIGN KEY(model_version_id) REFERENCES ai_model_versions (id)
        ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_ai_model_feedbacks_user_id
        FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT ck_ai_model_feedbacks_rating CHECK (rating >= 1 AND rating <= 5)
);

COMMENT ON TABLE ai_model_feedbacks IS 'What users thought of outputs.';
COMMENT ON COLUMN ai_model_feedbacks.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_feedbacks.user_id IS 'Whose opinion it is.';
COMMENT ON COLUMN ai_model_feedbacks.generation_request_id IS 'Request whose output is judged.';
COMMENT ON COLUMN ai_model_feedbacks.model_version_id IS 'Release that made the output.';
COMMENT ON COLUMN ai_model_feedbacks.rating IS 'From 1 (poor) to 5 (excellent).';
COMMENT ON COLUMN ai_model_feedbacks.comment IS 'The opinion in the user''s words. [personal]';
COMMENT ON COLUMN ai_model_feedbacks.feedback_timestamp IS 'When the user said so, UTC.';
COMMENT ON COLUMN ai_model_feedbacks.details IS 'Answers to further questions, free form.';
COMMENT ON COLUMN ai_model_feedbacks.created_at IS 'When the row was written, UTC.';
