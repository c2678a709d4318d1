"""Teams and who belongs to them."""

from factory.base import Factory

from factories.creativeflow.base import fake, later, moment, picked
from schema.creativeflow import Team, TeamMember


class TeamFactory(Factory[Team]):
    """A small agency."""

    class Meta:
        """What is made."""

        model = Team

    name = fake("company")
    created_at = moment()
    updated_at = later("created_at", 3600)


class TeamMemberFactory(Factory[TeamMember]):
    """A member; most of them edit."""

    class Meta:
        """What is made."""

        model = TeamMember

    role = picked({"Editor": 6, "Viewer": 3, "Admin": 2, "Owner": 1})
    joined_at = moment()
