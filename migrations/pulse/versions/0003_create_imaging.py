"""Enhance pictures.

7 new tables. Making the foreign keys locks api_keys and users against writes for an instant. The
downgrade loses every row of them.

Revision ID: 0003
Revises: 0002
Create Date: 2025-03-22 11:30:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.pulse.column_types import TIME, create_enum, drop_enums, enum

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_enum("AlbumPrivacy", "PRIVATE", "UNLISTED", "PUBLIC")
    create_enum("EnhancementTier", "FREE", "TIER_1K", "TIER_2K", "TIER_4K")
    create_enum("GalleryCategory", "PORTRAIT", "LANDSCAPE", "PRODUCT", "ARCHITECTURE")
    create_enum(
        "JobStatus", "PENDING", "PROCESSING", "COMPLETED", "FAILED", "REFUNDED", "CANCELLED"
    )
    create_enum("McpJobType", "GENERATE", "MODIFY")
    create_enum("PipelineVisibility", "PRIVATE", "PUBLIC", "LINK")
    op.create_table(
        "enhancement_pipelines",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("userId", sa.Text()),
        sa.Column(
            "visibility", enum("PipelineVisibility"), server_default="PRIVATE", nullable=False
        ),
        sa.Column("shareToken", sa.Text()),
        sa.Column("tier", enum("EnhancementTier"), server_default="TIER_1K", nullable=False),
        sa.Column("analysisConfig", JSONB()),
        sa.Column("autoCropConfig", JSONB()),
        sa.Column("promptConfig", JSONB()),
        sa.Column("generationConfig", JSONB()),
        sa.Column("usageCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="enhancement_pipelines_pkey"),
        sa.UniqueConstraint("shareToken", name="enhancement_pipelines_shareToken_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="enhancement_pipelines_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A named set of steps and settings that pictures are enhanced with.",
    )
    op.create_index("enhancement_pipelines_userId_idx", "enhancement_pipelines", ["userId"])
    op.create_index("enhancement_pipelines_visibility_idx", "enhancement_pipelines", ["visibility"])
    op.create_table(
        "enhanced_images",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("originalUrl", sa.Text(), nullable=False),
        sa.Column("originalR2Key", sa.Text(), nullable=False),
        sa.Column("originalWidth", sa.Integer(), nullable=False),
        sa.Column("originalHeight", sa.Integer(), nullable=False),
        sa.Column("originalSizeBytes", sa.Integer(), nullable=False),
        sa.Column("originalFormat", sa.Text(), nullable=False),
        sa.Column("isPublic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("viewCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("shareToken", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="enhanced_images_pkey"),
        sa.UniqueConstraint("shareToken", name="enhanced_images_shareToken_key"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="enhanced_images_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A picture as it was uploaded.",
    )
    op.create_index(
        "enhanced_images_userId_createdAt_idx", "enhanced_images", ["userId", "createdAt"]
    )
    op.create_index(
        "enhanced_images_isPublic_createdAt_idx", "enhanced_images", ["isPublic", "createdAt"]
    )
    op.create_index("enhanced_images_shareToken_idx", "enhanced_images", ["shareToken"])
    op.create_table(
        "image_enhancement_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("imageId", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("tier", enum("EnhancementTier"), nullable=False),
        sa.Column("tokensCost", sa.Integer(), nullable=False),
        sa.Column("status", enum("JobStatus"), nullable=False),
        sa.Column("enhancedUrl", sa.Text()),
        sa.Column("enhancedR2Key", sa.Text()),
        sa.Column("enhancedWidth", sa.Integer()),
        sa.Column("enhancedHeight", sa.Integer()),
        sa.Column("enhancedSizeBytes", sa.Integer()),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("retryCount", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("maxRetries", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column("geminiPrompt", sa.Text()),
        sa.Column("geminiModel", sa.Text()),
        sa.Column("geminiTemp", sa.Double()),
        sa.Column("processingStartedAt", TIME),
        sa.Column("processingCompletedAt", TIME),
        sa.Column("workflowRunId", sa.Text()),
        sa.Column("analysisResult", JSONB()),
        sa.Column("analysisSource", sa.Text()),
        sa.Column("altText", sa.Text()),
        sa.Column("qualityScore", sa.Double()),
        sa.Column("wasCropped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cropDimensions", JSONB()),
        sa.Column("pipelineId", sa.Text()),
        sa.Column("sourceImageId", sa.Text()),
        sa.Column("isBlend", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("isAnonymous", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="image_enhancement_jobs_pkey"),
        sa.ForeignKeyConstraint(
            ["pipelineId"],
            ["enhancement_pipelines.id"],
            name="image_enhancement_jobs_pipelineId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sourceImageId"],
            ["enhanced_images.id"],
            name="image_enhancement_jobs_sourceImageId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imageId"],
            ["enhanced_images.id"],
            name="image_enhancement_jobs_imageId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="image_enhancement_jobs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="One run of an enhancement on a picture: its price, its progress, its result.",
    )
    op.create_index(
        "image_enhancement_jobs_userId_status_createdAt_idx",
        "image_enhancement_jobs",
        ["userId", "status", "createdAt"],
    )
    op.create_index("image_enhancement_jobs_imageId_idx", "image_enhancement_jobs", ["imageId"])
    op.create_index(
        "image_enhancement_jobs_status_updatedAt_idx",
        "image_enhancement_jobs",
        ["status", "updatedAt"],
    )
    op.create_index(
        "image_enhancement_jobs_workflowRunId_idx", "image_enhancement_jobs", ["workflowRunId"]
    )
    op.create_index(
        "image_enhancement_jobs_pipelineId_idx", "image_enhancement_jobs", ["pipelineId"]
    )
    op.create_table(
        "albums",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("coverImageId", sa.Text()),
        sa.Column("privacy", enum("AlbumPrivacy"), server_default="PRIVATE", nullable=False),
        sa.Column("defaultTier", enum("EnhancementTier"), server_default="TIER_1K", nullable=False),
        sa.Column("shareToken", sa.Text()),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("pipelineId", sa.Text()),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="albums_pkey"),
        sa.UniqueConstraint("userId", "name", "privacy", name="albums_userId_name_privacy_key"),
        sa.UniqueConstraint("shareToken", name="albums_shareToken_key"),
        sa.ForeignKeyConstraint(
            ["pipelineId"],
            ["enhancement_pipelines.id"],
            name="albums_pipelineId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="albums_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A user's collection of pictures.",
    )
    op.create_index("albums_userId_createdAt_idx", "albums", ["userId", "createdAt"])
    op.create_index("albums_privacy_idx", "albums", ["privacy"])
    op.create_index("albums_shareToken_idx", "albums", ["shareToken"])
    op.create_index("albums_pipelineId_idx", "albums", ["pipelineId"])
    op.create_table(
        "album_images",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("albumId", sa.Text(), nullable=False),
        sa.Column("imageId", sa.Text(), nullable=False),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("addedAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="album_images_pkey"),
        sa.UniqueConstraint("albumId", "imageId", name="album_images_albumId_imageId_key"),
        sa.ForeignKeyConstraint(
            ["albumId"],
            ["albums.id"],
            name="album_images_albumId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["imageId"],
            ["enhanced_images.id"],
            name="album_images_imageId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        comment="A picture's place in an album.",
    )
    op.create_index("album_images_albumId_sortOrder_idx", "album_images", ["albumId", "sortOrder"])
    op.create_index("album_images_imageId_idx", "album_images", ["imageId"])
    op.create_index("album_images_albumId_addedAt_idx", "album_images", ["albumId", "addedAt"])
    op.create_table(
        "featured_gallery_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("category", enum("GalleryCategory"), server_default="PORTRAIT", nullable=False),
        sa.Column("originalUrl", sa.Text(), nullable=False),
        sa.Column("enhancedUrl", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), server_default=sa.text("16"), nullable=False),
        sa.Column("height", sa.Integer(), server_default=sa.text("9"), nullable=False),
        sa.Column("sourceImageId", sa.Text()),
        sa.Column("sourceJobId", sa.Text()),
        sa.Column("sortOrder", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("isActive", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("createdBy", sa.Text(), nullable=False),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="featured_gallery_items_pkey"),
        sa.ForeignKeyConstraint(
            ["sourceImageId"],
            ["enhanced_images.id"],
            name="featured_gallery_items_sourceImageId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sourceJobId"],
            ["image_enhancement_jobs.id"],
            name="featured_gallery_items_sourceJobId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["createdBy"],
            ["users.id"],
            name="featured_gallery_items_createdBy_fkey",
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
        comment="A before and after on show in the public gallery.",
    )
    op.create_index(
        "featured_gallery_items_isActive_sortOrder_idx",
        "featured_gallery_items",
        ["isActive", "sortOrder"],
    )
    op.create_index(
        "featured_gallery_items_isActive_category_sortOrder_idx",
        "featured_gallery_items",
        ["isActive", "category", "sortOrder"],
    )
    op.create_table(
        "mcp_generation_jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("userId", sa.Text(), nullable=False),
        sa.Column("apiKeyId", sa.Text()),
        sa.Column("type", enum("McpJobType"), nullable=False),
        sa.Column("tier", enum("EnhancementTier"), nullable=False),
        sa.Column("tokensCost", sa.Integer(), nullable=False),
        sa.Column("status", enum("JobStatus"), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("inputImageUrl", sa.Text()),
        sa.Column("inputImageR2Key", sa.Text()),
        sa.Column("outputImageUrl", sa.Text()),
        sa.Column("outputImageR2Key", sa.Text()),
        sa.Column("outputWidth", sa.Integer()),
        sa.Column("outputHeight", sa.Integer()),
        sa.Column("outputSizeBytes", sa.Integer()),
        sa.Column("errorMessage", sa.Text()),
        sa.Column("geminiModel", sa.Text()),
        sa.Column("processingStartedAt", TIME),
        sa.Column("processingCompletedAt", TIME),
        sa.Column("createdAt", TIME, server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("updatedAt", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="mcp_generation_jobs_pkey"),
        sa.ForeignKeyConstraint(
            ["userId"],
            ["users.id"],
            name="mcp_generation_jobs_userId_fkey",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["apiKeyId"],
            ["api_keys.id"],
            name="mcp_generation_jobs_apiKeyId_fkey",
            ondelete="SET NULL",
            onupdate="CASCADE",
        ),
        comment="A picture made or changed on a request of an outside program.",
    )
    op.create_index(
        "mcp_generation_jobs_userId_status_createdAt_idx",
        "mcp_generation_jobs",
        ["userId", "status", "createdAt"],
    )
    op.create_index("mcp_generation_jobs_apiKeyId_idx", "mcp_generation_jobs", ["apiKeyId"])
    op.create_index(
        "mcp_generation_jobs_status_updatedAt_idx", "mcp_generation_jobs", ["status", "updatedAt"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("mcp_generation_jobs")
    op.drop_table("featured_gallery_items")
    op.drop_table("album_images")
    op.drop_table("albums")
    op.drop_table("image_enhancement_jobs")
    op.drop_table("enhanced_images")
    op.drop_table("enhancement_pipelines")
    drop_enums(
        "AlbumPrivacy",
        "EnhancementTier",
        "GalleryCategory",
        "JobStatus",
        "McpJobType",
        "PipelineVisibility",
    )
