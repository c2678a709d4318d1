"""Brand kits, workbenches and projects."""

from factory.base import Factory

from factories.declared import (
    fake,
    later,
    moment,
    numbered,
    parent,
    phrase,
    picked,
    same_as,
    trait,
)
from schema.creativeflow import BrandKit, Project, Workbench


class BrandKitFactory(Factory[BrandKit]):
    """A brand of two colours and two fonts; nobody's default, for there may be one such only."""

    class Meta:
        """What is made."""

        model = BrandKit

    class Params:
        """States that a kit is tested in."""

        default = trait(is_default=True)
        of_team = trait(
            team=parent("creativeflow.collaboration.TeamFactory"),
            user=same_as("team.owner"),
        )

    name = fake("company")
    colors = numbered(
        lambda n: [
            {"name": "Primary", "hex": f"#{n * 2654435761 % 0x1000000:06X}"},
            {"name": "Accent", "hex": f"#{(n + 7) * 2654435761 % 0x1000000:06X}"},
        ]
    )
    fonts = numbered(
        lambda n: [
            {"name": "Heading", "family": "Inter", "url": f"fonts/{n:06}/inter.woff2"},
            {"name": "Body", "family": "Source Serif", "url": f"fonts/{n:06}/serif.woff2"},
        ]
    )
    logos = numbered(
        lambda n: [{"name": "Main Logo", "path": f"logos/{n:06}.png", "format": "png"}]
    )
    style_preferences = numbered(lambda n: {"mood": "calm", "contrast": n % 3, "avoid": ["neon"]})
    is_default = False
    created_at = moment()
    updated_at = later("created_at", 3600)


class WorkbenchFactory(Factory[Workbench]):
    """A container of projects."""

    class Meta:
        """What is made."""

        model = Workbench

    class Params:
        """States that a workbench is tested in."""

        with_brand_kit = trait(default_brand_kit=parent("creativeflow.workspace.BrandKitFactory"))

    name = picked({"Campaigns": 2, "Client work": 2, "Experiments": 1})
    created_at = moment()
    updated_at = later("created_at", 3600)


class ProjectFactory(Factory[Project]):
    """Work in progress, edited by two people a while ago."""

    class Meta:
        """What is made."""

        model = Project

    class Params:
        """States that a project is tested in."""

        with_brand_kit = trait(brand_kit=parent("creativeflow.workspace.BrandKitFactory"))
        from_system_template = trait(
            template=parent("creativeflow.template.TemplateFactory", system=True)
        )
        from_own_template = trait(
            template=parent("creativeflow.template.TemplateFactory", private=True)
        )
        untouched = trait(collaboration_state=None, last_collaborated_at=None)
        soft_deleted = trait(deleted_at=later("updated_at", 3600))

    name = phrase("Spring|Autumn|Launch|Holiday", "campaign|teaser|posters|newsletter")
    target_platform = picked({"Instagram": 3, "YouTube": 2, "Print": 1, None: 1})
    collaboration_state = numbered(
        lambda n: {"type": "crdt", "clock": {"a": n + 3, "b": n}, "pages": [{"id": 1, "ops": []}]}
    )
    created_at = moment()
    last_collaborated_at = later("created_at", 3600)
    updated_at = later("created_at", 7200)
    deleted_at = None
