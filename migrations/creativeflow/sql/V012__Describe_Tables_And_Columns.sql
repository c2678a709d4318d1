-- Say in the database what every table and column is for. A comment ends in [personal] or
-- [sensitive] where the column holds such data; a data dictionary can read these tags. Readers and
-- writers go on (SHARE UPDATE EXCLUSIVE, for an instant each).

SET LOCAL lock_timeout = '5s';

COMMENT ON TABLE users IS 'Accounts, with sign-in data, profile, plan and credit balance.';
COMMENT ON COLUMN users.id IS 'Surrogate key.';
COMMENT ON COLUMN users.email IS 'Address the account signs in with. [personal]';
COMMENT ON COLUMN users.password_hash
    IS 'Hashed by the application; NULL for accounts of a social provider. [sensitive]';
COMMENT ON COLUMN users.social_provider
    IS 'Provider vouching for the account, if one does. [personal]';
COMMENT ON COLUMN users.social_provider_id IS 'The account''s name at that provider. [personal]';
COMMENT ON COLUMN users.is_email_verified IS 'Whether the address was confirmed by its owner.';
COMMENT ON COLUMN users.email_verification_token
    IS 'Open token of an address confirmation. [sensitive]';
COMMENT ON COLUMN users.password_reset_token IS 'Open token of a password reset. [sensitive]';
COMMENT ON COLUMN users.password_reset_expires
    IS 'Until when the password reset token is good, UTC.';
COMMENT ON COLUMN users.full_name
    IS 'Name shown to others. Cached by the application until it changes. [personal]';
COMMENT ON COLUMN users.username
    IS 'Chosen handle; any number of accounts may have none. [personal]';
COMMENT ON COLUMN users.profile_picture_url IS 'Where the portrait lies. [personal]';
COMMENT ON COLUMN users.language_preference
    IS 'Language tag of the interface. Cached by the application until it changes.';
COMMENT ON COLUMN users.timezone
    IS 'Time zone that times are shown in. Cached by the application until it changes.';
COMMENT ON COLUMN users.mfa_enabled IS 'Whether signing in asks for a second factor.';
COMMENT ON COLUMN users.mfa_secret
    IS 'Seed of the second factor, encrypted by the application. [sensitive]';
COMMENT ON COLUMN users.subscription_tier
    IS 'Plan that limits and prices go by. Cached by the application until it changes.';
COMMENT ON COLUMN users.credit_balance
    IS 'Credits left to spend. Cached by the application until it changes.';
COMMENT ON COLUMN users.last_login_at IS 'Last successful sign-in, UTC. [personal]';
COMMENT ON COLUMN users.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN users.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN users.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';
COMMENT ON COLUMN users.ui_settings IS 'What the user set up in the interface, free form.';

COMMENT ON TABLE sessions IS 'Signed-in browsers and devices, until they expire.';
COMMENT ON COLUMN sessions.id IS 'Surrogate key.';
COMMENT ON COLUMN sessions.user_id IS 'Who is signed in.';
COMMENT ON COLUMN sessions.device_info IS 'Device as it named itself. [personal]';
COMMENT ON COLUMN sessions.ip_address
    IS 'Address the session came from, IPv4 or IPv6 as text. [personal]';
COMMENT ON COLUMN sessions.user_agent IS 'The client''s own description. [personal]';
COMMENT ON COLUMN sessions.last_activity IS 'Last request of the session, UTC. [personal]';
COMMENT ON COLUMN sessions.expires_at IS 'When the session ends by itself, UTC.';
COMMENT ON COLUMN sessions.created_at IS 'When the row was written, UTC.';

COMMENT ON TABLE social_media_connections
    IS 'Social network accounts of users, at most one per network.';
COMMENT ON COLUMN social_media_connections.id IS 'Surrogate key.';
COMMENT ON COLUMN social_media_connections.user_id IS 'Whose account it is.';
COMMENT ON COLUMN social_media_connections.platform IS 'The network.';
COMMENT ON COLUMN social_media_connections.external_user_id
    IS 'The user''s name on the network. [personal]';
COMMENT ON COLUMN social_media_connections.access_token
    IS 'OAuth access token, encrypted by the application. [sensitive]';
COMMENT ON COLUMN social_media_connections.refresh_token
    IS 'OAuth refresh token, encrypted by the application. [sensitive]';
COMMENT ON COLUMN social_media_connections.expires_at
    IS 'Until when the access token is good, UTC.';
COMMENT ON COLUMN social_media_connections.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN social_media_connections.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE api_clients IS 'Credentials of developers for the public API.';
COMMENT ON COLUMN api_clients.id IS 'Surrogate key.';
COMMENT ON COLUMN api_clients.user_id IS 'Who answers for the client''s calls.';
COMMENT ON COLUMN api_clients.name IS 'What the developer calls the client.';
COMMENT ON COLUMN api_clients.api_key IS 'Public half of the credentials. [sensitive]';
COMMENT ON COLUMN api_clients.secret_hash IS 'Secret half, hashed by the application. [sensitive]';
COMMENT ON COLUMN api_clients.permissions
    IS 'What the client may do; NULL means what the plan allows.';
COMMENT ON COLUMN api_clients.is_active IS 'Whether calls with these credentials are answered.';
COMMENT ON COLUMN api_clients.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN api_clients.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE teams IS 'Groups of users that work together.';
COMMENT ON COLUMN teams.id IS 'Surrogate key.';
COMMENT ON COLUMN teams.name IS 'What the team is called.';
COMMENT ON COLUMN teams.owner_id
    IS 'Who answers for the team; it must be handed over before the account can go.';
COMMENT ON COLUMN teams.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN teams.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE team_members IS 'Places of users in teams, at most one each.';
COMMENT ON COLUMN team_members.id IS 'Surrogate key.';
COMMENT ON COLUMN team_members.team_id IS 'The team.';
COMMENT ON COLUMN team_members.user_id IS 'The member.';
COMMENT ON COLUMN team_members.role IS 'What the member may do in the team.';
COMMENT ON COLUMN team_members.joined_at IS 'When the member joined, UTC.';

COMMENT ON TABLE templates IS 'Designs that projects start from.';
COMMENT ON COLUMN templates.id IS 'Surrogate key.';
COMMENT ON COLUMN templates.user_id IS 'Author of a private template; NULL for the system''s own.';
COMMENT ON COLUMN templates.name IS 'What the template is called.';
COMMENT ON COLUMN templates.description IS 'What it is good for.';
COMMENT ON COLUMN templates.category IS 'Shelf it is found on.';
COMMENT ON COLUMN templates.preview_url IS 'Where its picture lies.';
COMMENT ON COLUMN templates.source_data IS 'The design itself.';
COMMENT ON COLUMN templates.tags IS 'List of words to search by.';
COMMENT ON COLUMN templates.is_public IS 'Whether everybody may start from it.';
COMMENT ON COLUMN templates.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN templates.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE brand_kits IS 'Colours, fonts and logos of brands, of one user or of a team.';
COMMENT ON COLUMN brand_kits.id IS 'Surrogate key.';
COMMENT ON COLUMN brand_kits.user_id IS 'Owner; for a team''s kit, the member who made it.';
COMMENT ON COLUMN brand_kits.team_id
    IS 'Team that shares the kit; NULL for a kit of the user alone.';
COMMENT ON COLUMN brand_kits.name IS 'What the kit is called.';
COMMENT ON COLUMN brand_kits.colors IS 'List of named colours.';
COMMENT ON COLUMN brand_kits.fonts IS 'List of fonts with their use.';
COMMENT ON COLUMN brand_kits.logos IS 'List of logos with their files.';
COMMENT ON COLUMN brand_kits.style_preferences
    IS 'Hints for generation in this brand''s style, free form.';
COMMENT ON COLUMN brand_kits.is_default IS 'Whether new work of the user or team takes this kit.';
COMMENT ON COLUMN brand_kits.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN brand_kits.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE workbenches IS 'Containers that users sort their projects into.';
COMMENT ON COLUMN workbenches.id IS 'Surrogate key.';
COMMENT ON COLUMN workbenches.user_id IS 'Owner of the workbench and of every project on it.';
COMMENT ON COLUMN workbenches.name IS 'What the workbench is called.';
COMMENT ON COLUMN workbenches.default_brand_kit_id
    IS 'Brand kit of its projects unless they name their own.';
COMMENT ON COLUMN workbenches.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN workbenches.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE projects IS 'Pieces of creative work, each on one workbench.';
COMMENT ON COLUMN projects.id IS 'Surrogate key.';
COMMENT ON COLUMN projects.workbench_id IS 'Workbench the project lies on.';
COMMENT ON COLUMN projects.user_id
    IS 'Owner, always that of the workbench; kept here so that reads need no join.';
COMMENT ON COLUMN projects.template_id IS 'Template it was started from, while that exists.';
COMMENT ON COLUMN projects.brand_kit_id IS 'Brand kit in place of the workbench''s own.';
COMMENT ON COLUMN projects.name IS 'What the project is called.';
COMMENT ON COLUMN projects.target_platform IS 'Where the work is to appear.';
COMMENT ON COLUMN projects.collaboration_state
    IS 'Shared editing state (CRDT), read and merged by the editor only.';
COMMENT ON COLUMN projects.last_collaborated_at IS 'Last shared edit, UTC.';
COMMENT ON COLUMN projects.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN projects.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN projects.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';

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

COMMENT ON TABLE assets IS 'Files of creative work; the bytes lie in object storage.';
COMMENT ON COLUMN assets.id IS 'Surrogate key.';
COMMENT ON COLUMN assets.project_id
    IS 'Project the file belongs to; NULL while it is only in the user''s library.';
COMMENT ON COLUMN assets.user_id IS 'Whose file it is.';
COMMENT ON COLUMN assets.generation_request_id IS 'Request that produced the file, if one did.';
COMMENT ON COLUMN assets.name IS 'Name shown to the user.';
COMMENT ON COLUMN assets.type IS 'How the file came about.';
COMMENT ON COLUMN assets.file_path IS 'Key in object storage.';
COMMENT ON COLUMN assets.mime_type IS 'Media type of the file.';
COMMENT ON COLUMN assets.format IS 'Short format name, as users know it.';
COMMENT ON COLUMN assets.resolution IS 'Width and height, where the format has them.';
COMMENT ON COLUMN assets.is_final IS 'Whether the user accepted the file as finished.';
COMMENT ON COLUMN assets.metadata IS 'Technical properties of the file, free form.';
COMMENT ON COLUMN assets.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN assets.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';
COMMENT ON COLUMN assets.deleted_at
    IS 'When the row was marked as deleted, UTC; NULL while it is in use.';

COMMENT ON TABLE asset_versions
    IS 'History of files and of project states; a row is about one of the two.';
COMMENT ON COLUMN asset_versions.id IS 'Surrogate key.';
COMMENT ON COLUMN asset_versions.asset_id IS 'Asset whose file is kept.';
COMMENT ON COLUMN asset_versions.project_id IS 'Project whose state is kept.';
COMMENT ON COLUMN asset_versions.version_number IS 'Counts from 1 for each subject.';
COMMENT ON COLUMN asset_versions.file_path IS 'Key in object storage, for a file.';
COMMENT ON COLUMN asset_versions.state_data IS 'Editing state, for a project.';
COMMENT ON COLUMN asset_versions.description IS 'What changed, in words.';
COMMENT ON COLUMN asset_versions.created_by_user_id
    IS 'Who made the version, while the account exists.';
COMMENT ON COLUMN asset_versions.created_at IS 'When the row was written, UTC.';

COMMENT ON TABLE generation_results IS 'Outputs of requests, each stored as one asset.';
COMMENT ON COLUMN generation_results.id IS 'Surrogate key.';
COMMENT ON COLUMN generation_results.generation_request_id IS 'Request it answers.';
COMMENT ON COLUMN generation_results.asset_id IS 'Asset it was stored as.';
COMMENT ON COLUMN generation_results.is_selected IS 'Whether the user chose this output.';
COMMENT ON COLUMN generation_results.resolution IS 'Width and height of the output.';

COMMENT ON TABLE subscriptions
    IS 'Plans and billing periods, one per user, synchronised from Odoo.';
COMMENT ON COLUMN subscriptions.id IS 'Surrogate key.';
COMMENT ON COLUMN subscriptions.user_id IS 'Subscriber.';
COMMENT ON COLUMN subscriptions.odoo_sale_order_id IS 'Sale order in Odoo that the row mirrors.';
COMMENT ON COLUMN subscriptions.plan_id IS 'Plan, by its name in Odoo.';
COMMENT ON COLUMN subscriptions.status IS 'Where the subscription stands.';
COMMENT ON COLUMN subscriptions.current_period_start IS 'Start of the paid period, UTC.';
COMMENT ON COLUMN subscriptions.current_period_end IS 'End of the paid period, UTC.';
COMMENT ON COLUMN subscriptions.payment_provider IS 'Who collects the money.';
COMMENT ON COLUMN subscriptions.payment_provider_subscription_id
    IS 'The subscription''s name at the provider. [personal]';
COMMENT ON COLUMN subscriptions.payment_method_id
    IS 'Token of the means of payment at the provider. [sensitive]';
COMMENT ON COLUMN subscriptions.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN subscriptions.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE credit_transactions IS 'Ledger of credits, partitioned by month of created_at.';
COMMENT ON COLUMN credit_transactions.id
    IS 'Surrogate key; the primary key only together with created_at.';
COMMENT ON COLUMN credit_transactions.user_id IS 'Whose credits moved.';
COMMENT ON COLUMN credit_transactions.odoo_invoice_id
    IS 'Invoice in Odoo, for a purchase or refund.';
COMMENT ON COLUMN credit_transactions.generation_request_id
    IS 'Request that the credits were spent on.';
COMMENT ON COLUMN credit_transactions.api_call_id
    IS 'API call that spent the credits, by the gateway''s name for it.';
COMMENT ON COLUMN credit_transactions.amount
    IS 'Credits moved: purchases and refunds add, consumption takes away.';
COMMENT ON COLUMN credit_transactions.action_type IS 'What moved the credits.';
COMMENT ON COLUMN credit_transactions.description IS 'Explanation for the user.';
COMMENT ON COLUMN credit_transactions.created_at
    IS 'When the credits moved, UTC; decides the partition.';
COMMENT ON COLUMN credit_transactions.synced_at IS 'When the row was last matched with Odoo, UTC.';

COMMENT ON TABLE usage_logs IS 'Billable and counted actions, partitioned by month of timestamp.';
COMMENT ON COLUMN usage_logs.id IS 'Running number; the primary key only together with timestamp.';
COMMENT ON COLUMN usage_logs.user_id IS 'Who acted.';
COMMENT ON COLUMN usage_logs.generation_request_id IS 'Request that the action was part of.';
COMMENT ON COLUMN usage_logs.api_client_id IS 'API client that acted for the user.';
COMMENT ON COLUMN usage_logs.action_type IS 'What was done.';
COMMENT ON COLUMN usage_logs.details IS 'Circumstances of the action, free form. [personal]';
COMMENT ON COLUMN usage_logs.credits_cost
    IS 'Credits the action cost; NULL where it is only counted.';
COMMENT ON COLUMN usage_logs."timestamp" IS 'When it was done, UTC; decides the partition.';

COMMENT ON TABLE notifications
    IS 'Messages of the system to users, partitioned by month of created_at.';
COMMENT ON COLUMN notifications.id
    IS 'Surrogate key; the primary key only together with created_at.';
COMMENT ON COLUMN notifications.user_id IS 'Who is told.';
COMMENT ON COLUMN notifications.type IS 'Kind of message, decides how it looks.';
COMMENT ON COLUMN notifications.message IS 'Text as the user reads it. [personal]';
COMMENT ON COLUMN notifications.metadata IS 'What the interface needs besides the text, free form.';
COMMENT ON COLUMN notifications.is_read IS 'Whether the user has seen it.';
COMMENT ON COLUMN notifications.created_at
    IS 'When the message was made, UTC; decides the partition.';
COMMENT ON COLUMN notifications.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE ai_models IS 'Models the platform can use.';
COMMENT ON COLUMN ai_models.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_models.name IS 'What the model is called.';
COMMENT ON COLUMN ai_models.description IS 'What it is good at.';
COMMENT ON COLUMN ai_models.provider IS 'Who runs it.';
COMMENT ON COLUMN ai_models.task_type IS 'What it does.';
COMMENT ON COLUMN ai_models.is_active IS 'Whether requests may be sent to it.';
COMMENT ON COLUMN ai_models.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_models.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE ai_model_versions IS 'Releases of models, and where each stands.';
COMMENT ON COLUMN ai_model_versions.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_versions.model_id IS 'Model it is a release of.';
COMMENT ON COLUMN ai_model_versions.version_number IS 'Number of the release.';
COMMENT ON COLUMN ai_model_versions.source_path
    IS 'Key of the weights in object storage, for our own models.';
COMMENT ON COLUMN ai_model_versions.format IS 'Format of the weights.';
COMMENT ON COLUMN ai_model_versions.parameters IS 'Settings the release runs with, free form.';
COMMENT ON COLUMN ai_model_versions.status IS 'Where the release stands.';
COMMENT ON COLUMN ai_model_versions.validation_result_id
    IS 'Result the release was accepted on; always one of its own.';
COMMENT ON COLUMN ai_model_versions.created_by_user_id
    IS 'Who registered it, while the account exists.';
COMMENT ON COLUMN ai_model_versions.release_notes IS 'What is new in it.';
COMMENT ON COLUMN ai_model_versions.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_model_versions.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

COMMENT ON TABLE ai_model_validation_results IS 'Results of validating releases, one per release.';
COMMENT ON COLUMN ai_model_validation_results.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_validation_results.model_version_id IS 'Release that was validated.';
COMMENT ON COLUMN ai_model_validation_results.validation_timestamp IS 'When it was validated, UTC.';
COMMENT ON COLUMN ai_model_validation_results.security_scan_status
    IS 'What the security scan said.';
COMMENT ON COLUMN ai_model_validation_results.functional_status
    IS 'What the functional tests said.';
COMMENT ON COLUMN ai_model_validation_results.performance_benchmark
    IS 'Figures of the performance run, free form.';
COMMENT ON COLUMN ai_model_validation_results.results IS 'The whole log, free form.';
COMMENT ON COLUMN ai_model_validation_results.validated_by_user_id
    IS 'Who ran it, while the account exists.';
COMMENT ON COLUMN ai_model_validation_results.created_at IS 'When the row was written, UTC.';

COMMENT ON TABLE ai_model_deployments IS 'Attempts to bring releases into environments.';
COMMENT ON COLUMN ai_model_deployments.id IS 'Surrogate key.';
COMMENT ON COLUMN ai_model_deployments.model_version_id IS 'Release being deployed.';
COMMENT ON COLUMN ai_model_deployments.environment IS 'Where to.';
COMMENT ON COLUMN ai_model_deployments.status IS 'How far the attempt has come.';
COMMENT ON COLUMN ai_model_deployments.deployment_strategy IS 'How traffic is moved over.';
COMMENT ON COLUMN ai_model_deployments.endpoint IS 'Address the release answers at.';
COMMENT ON COLUMN ai_model_deployments.kubernetes_details
    IS 'What the cluster was told, free form.';
COMMENT ON COLUMN ai_model_deployments.deployed_by_user_id
    IS 'Who deployed it, while the account exists.';
COMMENT ON COLUMN ai_model_deployments.deployment_timestamp IS 'When the attempt began, UTC.';
COMMENT ON COLUMN ai_model_deployments.created_at IS 'When the row was written, UTC.';
COMMENT ON COLUMN ai_model_deployments.updated_at
    IS 'When the row last changed, UTC; a trigger sets it, whatever the client sends.';

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
