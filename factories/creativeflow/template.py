"""Templates that projects start from."""

from factory.base import Factory

from factories.declared import derived, later, moment, numbered, phrase, picked, trait
from schema.creativeflow import Template

_SIZES = {"social_media": (1080, 1080), "video": (1280, 720), "print": (2480, 3508)}


class TemplateFactory(Factory[Template]):
    """A design with a background and a headline."""

    class Meta:
        """What is made."""

        model = Template

    class Params:
        """Whose a template is: the system's, or somebody's own."""

        system = trait(is_public=True, user_creator=None)
        private = trait(is_public=False, user_creator=True)

    name = phrase("Bold|Quiet|Seasonal|Minimal", "headline|product card|quote|announcement")
    description = phrase("For one picture|For three pictures", "and a line of text|and a price")
    category = picked(dict.fromkeys(_SIZES, 1))
    preview_url = numbered(lambda n: f"templates/{n:06}/preview.png")
    source_data = derived(
        lambda row, _: {
            "version": 1,
            "canvas": dict(zip(("width", "height"), _SIZES[row.category], strict=True)),
            "layers": [
                {"type": "image", "id": "background", "placeholder": True},
                {"type": "text", "id": "headline", "text": row.name},
            ],
        }
    )
    tags = derived(lambda row, n: [row.category, f"season-{n % 4 + 1}"])
    is_public = picked({True: 3, False: 1})
    created_at = moment()
    updated_at = later("created_at", 3600)
