"""A workspace's files, in folders and with labels."""

from factory.base import Factory

from factories.declared import derived, later, moment, numbered, picked, trait
from factories.pulse.base import DAY
from schema.pulse import Asset, AssetFolder, AssetTag

_ENDINGS = {"image/png": "png", "image/webp": "webp", "video/mp4": "mp4"}


class AssetFolderFactory(Factory[AssetFolder]):
    """A folder at the top."""

    class Meta:
        """What is made."""

        model = AssetFolder

    class Params:
        """Where a folder is."""

        nested = trait(parent=True)

    name = numbered(lambda n: f"Campaign {n}")
    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class AssetFactory(Factory[Asset]):
    """A picture, or now and then a video."""

    class Meta:
        """What is made."""

        model = Asset

    class Params:
        """What is different about a file."""

        image = trait(fileType="image/png")
        video = trait(fileType="video/mp4", duration=12.5)
        in_folder = trait(folder=True)
        analysed = trait(
            qualityScore=0.8,
            altText="A lighthouse in soft light",
            analysisJson={"labels": ["lighthouse", "sea"], "faces": 0, "palette": ["#1F4E79"]},
        )

    fileType = picked({"image/png": 4, "image/webp": 3})
    filename = derived(lambda row, n: f"picture-{n:06}.{_ENDINGS[row.fileType]}")
    sizeBytes = numbered(lambda n: 20_000 + n)
    width = 1920
    height = 1080
    duration = None
    storageProvider = "R2"
    r2Bucket = "assets"
    r2Key = derived(lambda row, n: f"assets/{n:06}/{row.filename}")
    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class AssetTagFactory(Factory[AssetTag]):
    """A label."""

    class Meta:
        """What is made."""

        model = AssetTag

    name = numbered(lambda n: f"season-{n}")
