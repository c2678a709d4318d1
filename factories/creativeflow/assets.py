"""Assets and their versions."""

from typing import Any

from factory.base import Factory

from factories.declared import (
    children,
    derived,
    later,
    moment,
    numbered,
    phrase,
    picked,
    trait,
)
from schema.creativeflow import Asset, AssetVersion

_MEDIA = {"png": "image/png", "webp": "image/webp", "svg": "image/svg+xml", "mp4": "video/mp4"}


class AssetFactory(Factory[Asset]):
    """A file that was generated, or made from one that was."""

    class Meta:
        """What is made."""

        model = Asset

    class Params:
        """States that a file is tested in."""

        uploaded = trait(type="Uploaded", generation_request_source=None)
        generated = trait(type="AIGenerated", generation_request_source=True)
        in_project = trait(project=True)
        final = trait(is_final=True)
        soft_deleted = trait(deleted_at=later("updated_at", 3600))
        with_history = trait(
            versions=children("creativeflow.assets.AssetVersionFactory", "asset", 3)
        )

    format = picked({"png": 4, "webp": 3, "svg": 2, "mp4": 1})
    name = derived(lambda row, n: f"draft {n:06}.{row.format}")
    type = picked({"AIGenerated": 4, "Derived": 1})
    file_path = derived(lambda row, n: f"assets/{n:06}/original.{row.format}")
    mime_type = derived(lambda row, _: _MEDIA[row.format])
    resolution = derived(lambda row, _: None if row.format == "svg" else "1024x1024")
    is_final = picked({False: 3, True: 1})
    metadata_ = derived(
        lambda row, n: {"bytes": 20_000 + n, "color_space": "sRGB", "format": row.format}
    )
    created_at = moment()
    updated_at = later("created_at", 3600)
    deleted_at = None
    versions = children("creativeflow.assets.AssetVersionFactory", "asset")


def _next_version(row: Any, _number: int) -> int:
    subject = getattr(row, "asset", None) or getattr(row, "project", None)
    return len(getattr(subject, "versions", ())) + 1


class AssetVersionFactory(Factory[AssetVersion]):
    """The next version of something that is given, the first one otherwise."""

    class Meta:
        """What is made."""

        model = AssetVersion

    class Params:
        """What a version is of."""

        of_asset = trait(asset=True, state_data=None)
        of_project = trait(project=True, file_path=None)

    version_number = derived(_next_version)
    file_path = numbered(lambda n: f"versions/{n:06}/1.png")
    state_data = numbered(lambda n: {"type": "crdt", "clock": {"a": n}})
    description = phrase("Moved|Recoloured|Replaced|Aligned", "the headline|the logo|the picture")
    created_at = moment()
