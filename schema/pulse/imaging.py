"""Imaging: pictures, the jobs that enhance them, pipelines, albums and the gallery."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schema.pulse.base import (
    ADDED_LATER,
    CURRENT_TIMESTAMP,
    Base,
    Created,
    Identified,
    JsonObject,
    Updated,
    database_enum,
    reference,
)

if TYPE_CHECKING:
    from schema.pulse.accounts import ApiKey, User


@database_enum
class AlbumPrivacy(StrEnum):
    """Who can see an album."""

    PRIVATE = "PRIVATE"
    UNLISTED = "UNLISTED"
    PUBLIC = "PUBLIC"


@database_enum
class EnhancementTier(StrEnum):
    """The resolution a picture is enhanced to."""

    FREE = "FREE"
    TIER_1K = "TIER_1K"
    TIER_2K = "TIER_2K"
    TIER_4K = "TIER_4K"


@database_enum
class GalleryCategory(StrEnum):
    """A room of the gallery."""

    PORTRAIT = "PORTRAIT"
    LANDSCAPE = "LANDSCAPE"
    PRODUCT = "PRODUCT"
    ARCHITECTURE = "ARCHITECTURE"


@database_enum
class JobStatus(StrEnum):
    """Where a piece of background work stands."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"
    CANCELLED = "CANCELLED"


@database_enum
class McpJobType(StrEnum):
    """Whether a picture is made or changed."""

    GENERATE = "GENERATE"
    MODIFY = "MODIFY"


@database_enum
class PipelineStage(StrEnum):
    """Which step of an enhancement runs."""

    ANALYZING = "ANALYZING"
    CROPPING = "CROPPING"
    PROMPTING = "PROMPTING"
    GENERATING = "GENERATING"


@database_enum
class PipelineVisibility(StrEnum):
    """Who can use a pipeline."""

    PRIVATE = "PRIVATE"
    PUBLIC = "PUBLIC"
    LINK = "LINK"


class EnhancementPipeline(Identified, Created, Updated, Base):
    """A named set of steps and settings that pictures are enhanced with."""

    __tablename__ = "enhancement_pipelines"

    name: Mapped[str]
    description: Mapped[str | None]
    userId: Mapped[str | None] = mapped_column(
        reference("users.id", ondelete="CASCADE"), index=True
    )
    visibility: Mapped[PipelineVisibility] = mapped_column(
        server_default=PipelineVisibility.PRIVATE, index=True
    )
    shareToken: Mapped[str | None] = mapped_column(unique=True)
    tier: Mapped[EnhancementTier] = mapped_column(server_default=EnhancementTier.TIER_1K)
    analysisConfig: Mapped[JsonObject | None]
    autoCropConfig: Mapped[JsonObject | None]
    promptConfig: Mapped[JsonObject | None]
    generationConfig: Mapped[JsonObject | None]
    usageCount: Mapped[int] = mapped_column(server_default=text("0"))

    user: Mapped["User | None"] = relationship()
    enhancementJobs: Mapped[list["ImageEnhancementJob"]] = relationship(
        back_populates="pipeline", passive_deletes="all"
    )
    albums: Mapped[list["Album"]] = relationship(back_populates="pipeline", passive_deletes="all")


class EnhancedImage(Identified, Created, Updated, Base):
    """A picture as it was uploaded."""

    __tablename__ = "enhanced_images"
    __table_args__ = (
        Index(None, "userId", "createdAt"),
        Index(None, "isPublic", "createdAt"),
        Index(None, "shareToken"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    description: Mapped[str | None]
    originalUrl: Mapped[str]
    originalR2Key: Mapped[str]
    originalWidth: Mapped[int]
    originalHeight: Mapped[int]
    originalSizeBytes: Mapped[int]
    originalFormat: Mapped[str]
    isPublic: Mapped[bool] = mapped_column(server_default=false())
    viewCount: Mapped[int] = mapped_column(server_default=text("0"))
    shareToken: Mapped[str | None] = mapped_column(unique=True)

    user: Mapped["User"] = relationship()
    blendedInto: Mapped[list["ImageEnhancementJob"]] = relationship(
        back_populates="sourceImage",
        foreign_keys="ImageEnhancementJob.sourceImageId",
        passive_deletes="all",
    )
    enhancementJobs: Mapped[list["ImageEnhancementJob"]] = relationship(
        back_populates="image", foreign_keys="ImageEnhancementJob.imageId", passive_deletes="all"
    )
    albums: Mapped[list["AlbumImage"]] = relationship(back_populates="image", passive_deletes="all")
    galleryItems: Mapped[list["FeaturedGalleryItem"]] = relationship(
        back_populates="sourceImage", passive_deletes="all"
    )


class ImageEnhancementJob(Identified, Created, Updated, Base):
    """One run of an enhancement on a picture: its price, its progress, its result."""

    __tablename__ = "image_enhancement_jobs"
    __table_args__ = (
        Index(None, "userId", "status", "createdAt"),
        Index(None, "status", "updatedAt"),
        Index(None, "status", "currentStage"),
    )

    imageId: Mapped[str] = mapped_column(
        reference("enhanced_images.id", ondelete="CASCADE"), index=True
    )
    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    tier: Mapped[EnhancementTier]
    tokensCost: Mapped[int]
    status: Mapped[JobStatus]
    currentStage: Mapped[PipelineStage | None] = mapped_column(sort_order=ADDED_LATER)
    enhancedUrl: Mapped[str | None]
    enhancedR2Key: Mapped[str | None]
    enhancedWidth: Mapped[int | None]
    enhancedHeight: Mapped[int | None]
    enhancedSizeBytes: Mapped[int | None]
    errorMessage: Mapped[str | None]
    retryCount: Mapped[int] = mapped_column(server_default=text("0"))
    maxRetries: Mapped[int] = mapped_column(server_default=text("3"))
    geminiPrompt: Mapped[str | None]
    geminiModel: Mapped[str | None]
    geminiTemp: Mapped[float | None]
    processingStartedAt: Mapped[datetime | None]
    processingCompletedAt: Mapped[datetime | None]
    workflowRunId: Mapped[str | None] = mapped_column(index=True)
    analysisResult: Mapped[JsonObject | None]
    analysisSource: Mapped[str | None]
    altText: Mapped[str | None]
    qualityScore: Mapped[float | None]
    wasCropped: Mapped[bool] = mapped_column(server_default=false())
    cropDimensions: Mapped[JsonObject | None]
    pipelineId: Mapped[str | None] = mapped_column(
        reference("enhancement_pipelines.id", ondelete="SET NULL"), index=True
    )
    sourceImageId: Mapped[str | None] = mapped_column(
        reference("enhanced_images.id", ondelete="SET NULL")
    )
    isBlend: Mapped[bool] = mapped_column(server_default=false())
    isAnonymous: Mapped[bool] = mapped_column(server_default=false())

    pipeline: Mapped["EnhancementPipeline | None"] = relationship(back_populates="enhancementJobs")
    sourceImage: Mapped["EnhancedImage | None"] = relationship(
        back_populates="blendedInto", foreign_keys=[sourceImageId]
    )
    image: Mapped["EnhancedImage"] = relationship(
        back_populates="enhancementJobs", foreign_keys=[imageId]
    )
    user: Mapped["User"] = relationship()
    galleryItems: Mapped[list["FeaturedGalleryItem"]] = relationship(
        back_populates="sourceJob", passive_deletes="all"
    )


class Album(Identified, Created, Updated, Base):
    """A user's collection of pictures."""

    __tablename__ = "albums"
    __table_args__ = (
        UniqueConstraint("userId", "name", "privacy"),
        Index(None, "userId", "createdAt"),
        Index(None, "shareToken"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    description: Mapped[str | None]
    coverImageId: Mapped[str | None]
    privacy: Mapped[AlbumPrivacy] = mapped_column(server_default=AlbumPrivacy.PRIVATE, index=True)
    defaultTier: Mapped[EnhancementTier] = mapped_column(server_default=EnhancementTier.TIER_1K)
    shareToken: Mapped[str | None] = mapped_column(unique=True)
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))
    pipelineId: Mapped[str | None] = mapped_column(
        reference("enhancement_pipelines.id", ondelete="SET NULL"), index=True
    )

    pipeline: Mapped["EnhancementPipeline | None"] = relationship(back_populates="albums")
    user: Mapped["User"] = relationship()
    images: Mapped[list["AlbumImage"]] = relationship(back_populates="album", passive_deletes="all")


class AlbumImage(Identified, Base):
    """A picture's place in an album."""

    __tablename__ = "album_images"
    __table_args__ = (
        UniqueConstraint("albumId", "imageId"),
        Index(None, "albumId", "sortOrder"),
        Index(None, "albumId", "addedAt"),
    )

    albumId: Mapped[str] = mapped_column(reference("albums.id", ondelete="CASCADE"))
    imageId: Mapped[str] = mapped_column(
        reference("enhanced_images.id", ondelete="CASCADE"), index=True
    )
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))
    addedAt: Mapped[datetime] = mapped_column(server_default=CURRENT_TIMESTAMP)

    album: Mapped["Album"] = relationship(back_populates="images")
    image: Mapped["EnhancedImage"] = relationship(back_populates="albums")


class FeaturedGalleryItem(Identified, Created, Updated, Base):
    """A before and after on show in the public gallery."""

    __tablename__ = "featured_gallery_items"
    __table_args__ = (
        Index(None, "isActive", "sortOrder"),
        Index(None, "isActive", "category", "sortOrder"),
    )

    title: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[GalleryCategory] = mapped_column(server_default=GalleryCategory.PORTRAIT)
    originalUrl: Mapped[str]
    enhancedUrl: Mapped[str]
    width: Mapped[int] = mapped_column(server_default=text("16"))
    height: Mapped[int] = mapped_column(server_default=text("9"))
    sourceImageId: Mapped[str | None] = mapped_column(
        reference("enhanced_images.id", ondelete="SET NULL")
    )
    sourceJobId: Mapped[str | None] = mapped_column(
        reference("image_enhancement_jobs.id", ondelete="SET NULL")
    )
    sortOrder: Mapped[int] = mapped_column(server_default=text("0"))
    isActive: Mapped[bool] = mapped_column(server_default=true())
    createdBy: Mapped[str] = mapped_column(reference("users.id", ondelete="RESTRICT"))

    sourceImage: Mapped["EnhancedImage | None"] = relationship(back_populates="galleryItems")
    sourceJob: Mapped["ImageEnhancementJob | None"] = relationship(back_populates="galleryItems")
    creator: Mapped["User"] = relationship()


class McpGenerationJob(Identified, Created, Updated, Base):
    """A picture made or changed on a request of an outside program."""

    __tablename__ = "mcp_generation_jobs"
    __table_args__ = (
        Index(None, "userId", "status", "createdAt"),
        Index(None, "status", "updatedAt"),
    )

    userId: Mapped[str] = mapped_column(reference("users.id", ondelete="CASCADE"))
    apiKeyId: Mapped[str | None] = mapped_column(
        reference("api_keys.id", ondelete="SET NULL"), index=True
    )
    type: Mapped[McpJobType]
    tier: Mapped[EnhancementTier]
    tokensCost: Mapped[int]
    status: Mapped[JobStatus]
    prompt: Mapped[str]
    inputImageUrl: Mapped[str | None]
    inputImageR2Key: Mapped[str | None]
    outputImageUrl: Mapped[str | None]
    outputImageR2Key: Mapped[str | None]
    outputWidth: Mapped[int | None]
    outputHeight: Mapped[int | None]
    outputSizeBytes: Mapped[int | None]
    errorMessage: Mapped[str | None]
    geminiModel: Mapped[str | None]
    processingStartedAt: Mapped[datetime | None]
    processingCompletedAt: Mapped[datetime | None]

    user: Mapped["User"] = relationship()
    apiKey: Mapped["ApiKey | None"] = relationship()
