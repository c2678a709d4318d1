"""Say in the database what every table and column is for.

Trailing `[personal]` and `[sensitive]` tags can be read by checks and data dictionaries. A comment
takes SHARE UPDATE EXCLUSIVE for an instant: readers and writers go on.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-10 09:00:00
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, comment in TABLES.items():
        op.create_table_comment(table, comment)
    for table, columns in COLUMNS.items():
        for column, comment in columns.items():
            op.alter_column(table, column, comment=comment)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.alter_column(table, column, comment=None)
    for table in TABLES:
        op.drop_table_comment(table)


TABLES = {
    "ai_models": "Models the platform can use.",
    "ai_model_versions": "Releases of models, and where each stands.",
    "ai_model_validation_results": "Results of validating releases, one per release.",
    "ai_model_deployments": "Attempts to bring releases into environments.",
    "ai_model_feedbacks": "What users thought of outputs.",
    "assets": "Files of creative work; the bytes lie in object storage.",
    "asset_versions": "History of files and of project states; a row is about one of the two.",
    "subscriptions": "Plans and billing periods, one per user, synchronised from Odoo.",
    "credit_transactions": "Ledger of credits, partitioned by month of created_at.",
    "usage_logs": "Billable and counted actions, partitioned by month of timestamp.",
    "teams": "Groups of users that work together.",
    "team_members": "Places of users in teams, at most one each.",
    "generation_requests": "Requests to the AI models, with their inputs, state and cost.",
    "generation_results": "Outputs of requests, each stored as one asset.",
    "users": "Accounts, with sign-in data, profile, plan and credit balance.",
    "sessions": "Signed-in browsers and devices, until they expire.",
    "social_media_connections": "Social network accounts of users, at most one per network.",
    "api_clients": "Credentials of developers for the public API.",
    "notifications": "Messages of the system to users, partitioned by month of created_at.",
    "templates": "Designs that projects start from.",
    "brand_kits": "Colours, fonts and logos of brands, of one user or of a team.",
    "workbenches": "Containers that users sort their projects into.",
    "projects": "Pieces of creative work, each on one workbench.",
}

COLUMNS = {
    "ai_models": {
        "id": "Surrogate key.",
        "name": "What the model is called.",
        "description": "What it is good at.",
        "provider": "Who runs it.",
        "task_type": "What it does.",
        "is_active": "Whether requests may be sent to it.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "ai_model_versions": {
        "id": "Surrogate key.",
        "model_id": "Model it is a release of.",
        "version_number": "Number of the release.",
        "source_path": "Key of the weights in object storage, for our own models.",
        "format": "Format of the weights.",
        "parameters": "Settings the release runs with, free form.",
        "status": "Where the release stands.",
        "validation_result_id": "Result the release was accepted on; always one of its own.",
        "created_by_user_id": "Who registered it, while the account exists.",
        "release_notes": "What is new in it.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "ai_model_validation_results": {
        "id": "Surrogate key.",
        "model_version_id": "Release that was validated.",
        "validation_timestamp": "When it was validated, UTC.",
        "security_scan_status": "What the security scan said.",
        "functional_status": "What the functional tests said.",
        "performance_benchmark": "Figures of the performance run, free form.",
        "results": "The whole log, free form.",
        "validated_by_user_id": "Who ran it, while the account exists.",
        "created_at": "When the row was written, UTC.",
    },
    "ai_model_deployments": {
        "id": "Surrogate key.",
        "model_version_id": "Release being deployed.",
        "environment": "Where to.",
        "status": "How far the attempt has come.",
        "deployment_strategy": "How traffic is moved over.",
        "endpoint": "Address the release answers at.",
        "kubernetes_details": "What the cluster was told, free form.",
        "deployed_by_user_id": "Who deployed it, while the account exists.",
        "deployment_timestamp": "When the attempt began, UTC.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "ai_model_feedbacks": {
        "id": "Surrogate key.",
        "user_id": "Whose opinion it is.",
        "generation_request_id": "Request whose output is judged.",
        "model_version_id": "Release that made the output.",
        "rating": "From 1 (poor) to 5 (excellent).",
        "comment": "The opinion in the user's words. [personal]",
        "feedback_timestamp": "When the user said so, UTC.",
        "details": "Answers to further questions, free form.",
        "created_at": "When the row was written, UTC.",
    },
    "assets": {
        "id": "Surrogate key.",
        "project_id": "Project the file belongs to; NULL while it is only in the user's library.",
        "user_id": "Whose file it is.",
        "generation_request_id": "Request that produced the file, if one did.",
        "name": "Name shown to the user.",
        "type": "How the file came about.",
        "file_path": "Key in object storage.",
        "mime_type": "Media type of the file.",
        "format": "Short format name, as users know it.",
        "resolution": "Width and height, where the format has them.",
        "is_final": "Whether the user accepted the file as finished.",
        "metadata": "Technical properties of the file, free form.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
        "deleted_at": "When the row was marked as deleted, UTC; NULL while it is in use.",
    },
    "asset_versions": {
        "id": "Surrogate key.",
        "asset_id": "Asset whose file is kept.",
        "project_id": "Project whose state is kept.",
        "version_number": "Counts from 1 for each subject.",
        "file_path": "Key in object storage, for a file.",
        "state_data": "Editing state, for a project.",
        "description": "What changed, in words.",
        "created_by_user_id": "Who made the version, while the account exists.",
        "created_at": "When the row was written, UTC.",
    },
    "subscriptions": {
        "id": "Surrogate key.",
        "user_id": "Subscriber.",
        "odoo_sale_order_id": "Sale order in Odoo that the row mirrors.",
        "plan_id": "Plan, by its name in Odoo.",
        "status": "Where the subscription stands.",
        "current_period_start": "Start of the paid period, UTC.",
        "current_period_end": "End of the paid period, UTC.",
        "payment_provider": "Who collects the money.",
        "payment_provider_subscription_id": "The subscription's name at the provider. [personal]",
        "payment_method_id": "Token of the means of payment at the provider. [sensitive]",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "credit_transactions": {
        "id": "Surrogate key; the primary key only together with created_at.",
        "user_id": "Whose credits moved.",
        "odoo_invoice_id": "Invoice in Odoo, for a purchase or refund.",
        "generation_request_id": "Request that the credits were spent on.",
        "api_call_id": "API call that spent the credits, by the gateway's name for it.",
        "amount": "Credits moved: purchases and refunds add, consumption takes away.",
        "action_type": "What moved the credits.",
        "description": "Explanation for the user.",
        "created_at": "When the credits moved, UTC; decides the partition.",
        "synced_at": "When the row was last matched with Odoo, UTC.",
    },
    "usage_logs": {
        "id": "Running number; the primary key only together with timestamp.",
        "user_id": "Who acted.",
        "generation_request_id": "Request that the action was part of.",
        "api_client_id": "API client that acted for the user.",
        "action_type": "What was done.",
        "details": "Circumstances of the action, free form. [personal]",
        "credits_cost": "Credits the action cost; NULL where it is only counted.",
        "timestamp": "When it was done, UTC; decides the partition.",
    },
    "teams": {
        "id": "Surrogate key.",
        "name": "What the team is called.",
        "owner_id": "Who answers for the team; it must be handed over before the account can go.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "team_members": {
        "id": "Surrogate key.",
        "team_id": "The team.",
        "user_id": "The member.",
        "role": "What the member may do in the team.",
        "joined_at": "When the member joined, UTC.",
    },
    "generation_requests": {
        "id": "Surrogate key.",
        "user_id": "Who asked; such an account is marked as deleted, never removed.",
        "project_id": "Project it was asked for; NULL once that is gone, the history stays.",
        "input_prompt": "What the user asked for, in the user's words. [personal]",
        "style_guidance": "Wishes about style, in words.",
        "input_parameters": "Parameters handed to the model, free form.",
        "status": "How far the request has come.",
        "error_message": "Why it failed, if it did.",
        "sample_assets": "List of the samples offered, by asset id.",
        "selected_sample_id": "Sample that the user chose.",
        "final_asset_id": "Finished asset that came of it.",
        "credits_cost_sample": "Credits the samples cost.",
        "credits_cost_final": "Credits the finished asset cost.",
        "ai_model_used": "Name of the model that answered, as it was then.",
        "processing_time_ms": "Time the models took, in milliseconds.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "generation_results": {
        "id": "Surrogate key.",
        "generation_request_id": "Request it answers.",
        "asset_id": "Asset it was stored as.",
        "is_selected": "Whether the user chose this output.",
        "resolution": "Width and height of the output.",
    },
    "users": {
        "id": "Surrogate key.",
        "email": "Address the account signs in with. [personal]",
        "password_hash": (
            "Hashed by the application; NULL for accounts of a social provider. [sensitive]"
        ),
        "social_provider": "Provider vouching for the account, if one does. [personal]",
        "social_provider_id": "The account's name at that provider. [personal]",
        "is_email_verified": "Whether the address was confirmed by its owner.",
        "email_verification_token": "Open token of an address confirmation. [sensitive]",
        "password_reset_token": "Open token of a password reset. [sensitive]",
        "password_reset_expires": "Until when the password reset token is good, UTC.",
        "full_name": (
            "Name shown to others. Cached by the application until it changes. [personal]"
        ),
        "username": "Chosen handle; any number of accounts may have none. [personal]",
        "profile_picture_url": "Where the portrait lies. [personal]",
        "language_preference": (
            "Language tag of the interface. Cached by the application until it changes."
        ),
        "timezone": (
            "Time zone that times are shown in. Cached by the application until it changes."
        ),
        "mfa_enabled": "Whether signing in asks for a second factor.",
        "mfa_secret": "Seed of the second factor, encrypted by the application. [sensitive]",
        "subscription_tier": (
            "Plan that limits and prices go by. Cached by the application until it changes."
        ),
        "credit_balance": ("Credits left to spend. Cached by the application until it changes."),
        "last_login_at": "Last successful sign-in, UTC. [personal]",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
        "deleted_at": "When the row was marked as deleted, UTC; NULL while it is in use.",
        "ui_settings": "What the user set up in the interface, free form.",
    },
    "sessions": {
        "id": "Surrogate key.",
        "user_id": "Who is signed in.",
        "device_info": "Device as it named itself. [personal]",
        "ip_address": "Address the session came from, IPv4 or IPv6 as text. [personal]",
        "user_agent": "The client's own description. [personal]",
        "last_activity": "Last request of the session, UTC. [personal]",
        "expires_at": "When the session ends by itself, UTC.",
        "created_at": "When the row was written, UTC.",
    },
    "social_media_connections": {
        "id": "Surrogate key.",
        "user_id": "Whose account it is.",
        "platform": "The network.",
        "external_user_id": "The user's name on the network. [personal]",
        "access_token": "OAuth access token, encrypted by the application. [sensitive]",
        "refresh_token": "OAuth refresh token, encrypted by the application. [sensitive]",
        "expires_at": "Until when the access token is good, UTC.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "api_clients": {
        "id": "Surrogate key.",
        "user_id": "Who answers for the client's calls.",
        "name": "What the developer calls the client.",
        "api_key": "Public half of the credentials. [sensitive]",
        "secret_hash": "Secret half, hashed by the application. [sensitive]",
        "permissions": "What the client may do; NULL means what the plan allows.",
        "is_active": "Whether calls with these credentials are answered.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "notifications": {
        "id": "Surrogate key; the primary key only together with created_at.",
        "user_id": "Who is told.",
        "type": "Kind of message, decides how it looks.",
        "message": "Text as the user reads it. [personal]",
        "metadata": "What the interface needs besides the text, free form.",
        "is_read": "Whether the user has seen it.",
        "created_at": "When the message was made, UTC; decides the partition.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "templates": {
        "id": "Surrogate key.",
        "user_id": "Author of a private template; NULL for the system's own.",
        "name": "What the template is called.",
        "description": "What it is good for.",
        "category": "Shelf it is found on.",
        "preview_url": "Where its picture lies.",
        "source_data": "The design itself.",
        "tags": "List of words to search by.",
        "is_public": "Whether everybody may start from it.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "brand_kits": {
        "id": "Surrogate key.",
        "user_id": "Owner; for a team's kit, the member who made it.",
        "team_id": "Team that shares the kit; NULL for a kit of the user alone.",
        "name": "What the kit is called.",
        "colors": "List of named colours.",
        "fonts": "List of fonts with their use.",
        "logos": "List of logos with their files.",
        "style_preferences": "Hints for generation in this brand's style, free form.",
        "is_default": "Whether new work of the user or team takes this kit.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "workbenches": {
        "id": "Surrogate key.",
        "user_id": "Owner of the workbench and of every project on it.",
        "name": "What the workbench is called.",
        "default_brand_kit_id": "Brand kit of its projects unless they name their own.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
    },
    "projects": {
        "id": "Surrogate key.",
        "workbench_id": "Workbench the project lies on.",
        "user_id": "Owner, always that of the workbench; kept here so that reads need no join.",
        "template_id": "Template it was started from, while that exists.",
        "brand_kit_id": "Brand kit in place of the workbench's own.",
        "name": "What the project is called.",
        "target_platform": "Where the work is to appear.",
        "collaboration_state": "Shared editing state (CRDT), read and merged by the editor only.",
        "last_collaborated_at": "Last shared edit, UTC.",
        "created_at": "When the row was written, UTC.",
        "updated_at": (
            "When the row last changed, UTC; a trigger sets it, whatever the client sends."
        ),
        "deleted_at": "When the row was marked as deleted, UTC; NULL while it is in use.",
    },
}
