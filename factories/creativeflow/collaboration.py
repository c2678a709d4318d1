"""Teams and who belongs to them."""

from factory.base import Factory

from factories.declared import (
    children,
    fake,
    later,
    moment,
    parent,
    picked,
    same_as,
    trait,
)
from schema.creativeflow import Team, TeamMember


class TeamFactory(Factory[Team]):
    """A small agency; `members=5` gives it five."""

    class Meta:
        """What is made."""

        model = Team

    class Params:
        """States that a team is tested in."""

        staffed = trait(members=children("creativeflow.collaboration.TeamMemberFactory", "team", 5))

    name = fake("company")
    created_at = moment()
    updated_at = later("created_at", 3600)
    members = children("creativeflow.collaboration.TeamMemberFactory", "team")


class TeamMemberFactory(Factory[TeamMember]):
    """A member; most of them edit."""

    class Meta:
        """What is made."""

        model = TeamMember

    class Params:
        """What a member may do."""

        owner = trait(role="Owner", user=same_as("team.owner"))
        admin = trait(role="Admin")
        editor = trait(role="Editor")
        viewer = trait(role="Viewer")

    team = parent("creativeflow.collaboration.TeamFactory")
    user = parent("creativeflow.identity.UserFactory")
    role = picked({"Editor": 6, "Viewer": 3, "Admin": 2, "Owner": 1})
    joined_at = moment()
