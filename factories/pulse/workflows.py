"""Automations of a workspace, and how their runs went."""

from factory.base import Factory

from factories.declared import children, later, moment, numbered, picked, trait
from factories.pulse.base import DAY, SOON
from schema.pulse import (
    Workflow,
    WorkflowRun,
    WorkflowRunLog,
    WorkflowSchedule,
    WorkflowStep,
    WorkflowVersion,
    WorkflowWebhook,
)
from schema.pulse.workflows import (
    BranchType,
    StepRunStatus,
    WorkflowRunStatus,
    WorkflowStatus,
    WorkflowStepType,
)

_LOG = "pulse.workflows.WorkflowRunLogFactory"


class WorkflowFactory(Factory[Workflow]):
    """A draft."""

    class Meta:
        """What is made."""

        model = Workflow

    class Params:
        """Where a workflow stands."""

        active = trait(
            status=WorkflowStatus.ACTIVE,
            versions=children(
                "pulse.workflows.WorkflowVersionFactory", "workflow", 1, published=True
            ),
        )
        archived = trait(status=WorkflowStatus.ARCHIVED)
        scheduled = trait(
            schedules=children("pulse.workflows.WorkflowScheduleFactory", "workflow", 1)
        )

    name = picked({"Answer mentions": 2, "Post every Monday": 1})
    status = WorkflowStatus.DRAFT
    createdAt = moment()
    updatedAt = later("createdAt", DAY)
    versions = children("pulse.workflows.WorkflowVersionFactory", "workflow")
    runs = children("pulse.workflows.WorkflowRunFactory", "workflow")
    schedules = children("pulse.workflows.WorkflowScheduleFactory", "workflow")


class WorkflowVersionFactory(Factory[WorkflowVersion]):
    """A definition that is still being written; `steps=3` gives it three."""

    class Meta:
        """What is made."""

        model = WorkflowVersion

    class Params:
        """Whether it is in use."""

        published = trait(
            isPublished=True,
            publishedAt=later("createdAt", DAY),
            steps=children("pulse.workflows.WorkflowStepFactory", "workflowVersion", 2),
        )

    version = numbered(lambda n: n + 1)
    isPublished = False
    createdAt = moment()
    publishedAt = None
    steps = children("pulse.workflows.WorkflowStepFactory", "workflowVersion")


class WorkflowStepFactory(Factory[WorkflowStep]):
    """A step that does something."""

    class Meta:
        """What is made."""

        model = WorkflowStep

    class Params:
        """What a step is for."""

        trigger = trait(type=WorkflowStepType.TRIGGER, config={"event": "MENTION_RECEIVED"})
        condition = trait(type=WorkflowStepType.CONDITION, config={"field": "sentiment"})
        branch = trait(
            parentStep=True, branchType=BranchType.IF_TRUE, branchCondition="sentiment < 0"
        )

    name = numbered(lambda n: f"Step {n}")
    type = WorkflowStepType.ACTION
    sequence = numbered(lambda n: n)
    config = numbered(lambda n: {"action": "reply", "template": f"thanks-{n % 4}", "delay": 60})
    dependencies = numbered(lambda n: [f"step-{n % 3}"])
    branchType = None
    branchCondition = None


class WorkflowRunFactory(Factory[WorkflowRun]):
    """A run that came to its end."""

    class Meta:
        """What is made."""

        model = WorkflowRun

    class Params:
        """Where a run stands."""

        running = trait(status=WorkflowRunStatus.RUNNING, endedAt=None)
        failed = trait(
            status=WorkflowRunStatus.FAILED, logs=children(_LOG, "workflowRun", 1, failed=True)
        )
        cancelled = trait(status=WorkflowRunStatus.CANCELLED)
        logged = trait(logs=children(_LOG, "workflowRun", 3))

    status = WorkflowRunStatus.COMPLETED
    startedAt = moment()
    endedAt = later("startedAt", 600)
    logs = children(_LOG, "workflowRun")


class WorkflowRunLogFactory(Factory[WorkflowRunLog]):
    """A line about a step that went well."""

    class Meta:
        """What is made."""

        model = WorkflowRunLog

    class Params:
        """What the line is about."""

        failed = trait(stepStatus=StepRunStatus.FAILED, message="The network was busy")
        skipped = trait(stepStatus=StepRunStatus.SKIPPED, message="The condition did not hold")

    stepId = numbered(lambda n: f"step-{n}")
    stepStatus = StepRunStatus.COMPLETED
    message = "Done"
    metadata_ = numbered(lambda n: {"ms": 20 + n % 400, "attempt": 1})
    timestamp = moment()


class WorkflowScheduleFactory(Factory[WorkflowSchedule]):
    """Every Monday at nine."""

    class Meta:
        """What is made."""

        model = WorkflowSchedule

    class Params:
        """Whether it starts anything."""

        paused = trait(isActive=False, nextRunAt=None)

    cronExpression = "0 9 * * 1"
    timezone = "UTC"
    isActive = True
    nextRunAt = SOON
    lastRunAt = moment()


class WorkflowWebhookFactory(Factory[WorkflowWebhook]):
    """An address that nobody knows; its token opens nothing."""

    class Meta:
        """What is made."""

        model = WorkflowWebhook

    class Params:
        """Whether it starts anything."""

        revoked = trait(isActive=False)

    webhookToken = numbered(lambda n: f"fake-webhook-token-{n:06}")
    secretHash = numbered(lambda n: f"fake-hash-{n:06}")
    isActive = True
