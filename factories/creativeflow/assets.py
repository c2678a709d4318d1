"""Assets and their versions."""

from factory.base import Factory

from factories.creativeflow.base import derived, later, moment, numbered, phrase, picked
from schema.creativeflow import Asset, AssetVersion

_MEDIA = {"png": "image/png", "webp": "image/webp", "svg": "image/svg+xml", "mp4": "video/mp4"}


class AssetFactory(Factory[Asset]):
    """A file that was generated, or made from one that was."""

    class Meta:
        """What is made."""

        model = Asset

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


class AssetVersionFactory(Factory[AssetVersion]):
    """The first version of something."""

    class Meta:
        """What is made."""

        model = AssetVersion

    version_number = 1
    file_path = numbered(lambda n: f"versions/{n:06}/1.png")
    state_data = numbered(lambda n: {"type": "crdt", "clock": {"a": n}})
    description = phrase("Moved|Recoloured|Replaced|Aligned", "the headline|the logo|the picture")
    created_at = moment()
