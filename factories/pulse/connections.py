"""People that a workspace knows, and what to do for them."""

from factory.base import Factory

from factories.declared import fake, later, moment, numbered, parent, picked, trait
from factories.pulse.base import DAY, SOON, named_by
from schema.pulse import Connection, ConnectionReminder
from schema.pulse.connections import (
    ConnectionNextStep,
    MeetupPipelineStatus,
    ReminderStatus,
    ReminderType,
)


class ConnectionFactory(Factory[Connection]):
    """Somebody who was written to once or twice."""

    class Meta:
        """What is made."""

        model = Connection

    class Params:
        """How warm the relation is."""

        cold = trait(warmthScore=0, warmthFactors=None, lastInteraction=None, interactionCount=0)
        met = trait(warmthScore=90, meetupStatus=MeetupPipelineStatus.MET)
        to_meet = trait(
            nextStep=ConnectionNextStep.SCHEDULE_MEET,
            nextStepDueDate=SOON,
            meetupStatus=MeetupPipelineStatus.SUGGESTED,
        )
        known = trait(identity=parent("pulse.accounts.IdentityFactory", signed_up=True))

    displayName = fake("name")
    notes = picked({None: 3, "Met at a workshop": 1})
    warmthScore = numbered(lambda n: 20 + n % 40)
    warmthFactors = numbered(lambda n: {"replies": n % 5, "recency": 0.5, "mutual": 2})
    interactionCount = numbered(lambda n: n % 9 + 1)
    lastInteraction = moment()
    nextStep = None
    meetupStatus = MeetupPipelineStatus.NONE
    createdAt = moment()
    updatedAt = later("createdAt", DAY)


class ConnectionReminderFactory(Factory[ConnectionReminder]):
    """A reminder of the workspace that its connection belongs to."""

    class Meta:
        """What is made."""

        model = ConnectionReminder

    class Params:
        """Where a reminder stands."""

        due = trait(status=ReminderStatus.DUE, dueDate=moment())
        snoozed = trait(status=ReminderStatus.SNOOZED, snoozedUntil=SOON, snoozeCount=1)
        completed = trait(status=ReminderStatus.COMPLETED, completedAt=moment())

    connection = parent("pulse.connections.ConnectionFactory")
    workspaceId = named_by("connection", "workspaceId", "workspace")
    type = ReminderType.FOLLOW_UP
    title = "Ask how the launch went"
    dueDate = SOON
    status = ReminderStatus.PENDING
    snoozedUntil = None
    snoozeCount = 0
    completedAt = None
