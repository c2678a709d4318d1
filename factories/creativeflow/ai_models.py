"""AI models, their releases, how those fared, and what users say."""

from typing import Any

from factory.base import Factory

from factories.declared import (
    afterwards,
    children,
    derived,
    later,
    moment,
    numbered,
    parent,
    phrase,
    picked,
    trait,
    whole,
)
from schema.creativeflow import (
    AIModel,
    AIModelDeployment,
    AIModelFeedback,
    AIModelValidationResult,
    AIModelVersion,
)

_VALIDATION = "creativeflow.ai_models.AIModelValidationResultFactory"


def _accept(version: Any) -> None:
    """Accept a release on its own result."""
    version.validation_result_id = version.validation_result.id


class AIModelFactory(Factory[AIModel]):
    """A model of some provider."""

    class Meta:
        """What is made."""

        model = AIModel

    class Params:
        """Whether requests are sent to it."""

        active = trait(is_active=True)
        retired = trait(is_active=False)

    name = numbered(lambda n: f"aurora-{n:06}")
    description = phrase(
        "Fast|Careful", "with faces|with type|with products", "at any size|at 1024"
    )
    provider = picked({"internal": 3, "partner": 1})
    task_type = picked(
        {
            "text_to_image": 4,
            "image_to_image": 2,
            "text_generation": 1,
            "upscaling": 1,
            "background_removal": 1,
            "style_transfer": 1,
        }
    )
    is_active = picked({True: 4, False: 1})
    created_at = moment()
    updated_at = later("created_at", 3600)


class AIModelVersionFactory(Factory[AIModelVersion]):
    """A release that nothing is known against."""

    class Meta:
        """What is made."""

        model = AIModelVersion

    class Params:
        """Where a release stands."""

        staged = trait(status="Staged")
        validated = trait(
            status="Validated",
            validation=children(_VALIDATION, "model_version", 1, passed=True),
            verdict=afterwards(_accept),
        )
        rejected = trait(
            status="Rejected",
            validation=children(_VALIDATION, "model_version", 1, failed=True),
        )
        deployed = trait(
            status="Active",
            validation=children(_VALIDATION, "model_version", 1, passed=True),
            verdict=afterwards(_accept),
            deployments=children(
                "creativeflow.ai_models.AIModelDeploymentFactory", "model_version", 1, live=True
            ),
        )
        deprecated = trait(status="Deprecated")
        registered = trait(created_by=True)

    version_number = numbered(lambda n: f"{n // 100}.{n % 100}.0")
    source_path = derived(lambda row, _: f"weights/{row.version_number}/model.safetensors")
    format = "safetensors"
    parameters = numbered(lambda n: {"steps": 20 + n % 30, "guidance": 7.5, "precision": "fp16"})
    status = picked(
        {
            "Staged": 2,
            "Validating": 1,
            "Validated": 2,
            "Active": 3,
            "Deprecated": 1,
            "Archived": 1,
        }
    )
    release_notes = phrase("Fewer artefacts|Sharper type|Half the memory", "than before|at 1024")
    created_at = moment()
    updated_at = later("created_at", 3600)


class AIModelValidationResultFactory(Factory[AIModelValidationResult]):
    """A validation that the release passed."""

    class Meta:
        """What is made."""

        model = AIModelValidationResult

    class Params:
        """What the validation showed."""

        passed = trait(security_scan_status="Passed", functional_status="Passed")
        failed = trait(
            model_version=parent("creativeflow.ai_models.AIModelVersionFactory", status="Rejected"),
            functional_status="Failed",
        )
        by_person = trait(validated_by=True)

    validation_timestamp = moment()
    security_scan_status = picked({"Passed": 4, "Skipped": 1})
    functional_status = picked({"Passed": 4, "Pending": 1})
    performance_benchmark = numbered(lambda n: {"p50_ms": 900 + n, "p95_ms": 2100 + n, "gpu": 1})
    results = derived(
        lambda row, _: {
            "security": {"status": row.security_scan_status, "findings": []},
            "functional": {"status": row.functional_status, "cases": 120},
        }
    )
    created_at = later("validation_timestamp", 60)


class AIModelDeploymentFactory(Factory[AIModelDeployment]):
    """An attempt to bring a release somewhere."""

    class Meta:
        """What is made."""

        model = AIModelDeployment

    class Params:
        """How far the attempt has come."""

        live = trait(environment="production", status="Succeeded")
        failed = trait(status="Failed", endpoint=None)
        rolled_back = trait(environment="production", status="RolledBack", endpoint=None)
        by_person = trait(deployed_by=True)

    environment = picked({"testing": 3, "staging": 2, "production": 1})
    status = picked({"Succeeded": 6, "Initiated": 1, "InProgress": 1, "Failed": 1, "RolledBack": 1})
    deployment_strategy = picked({"canary": 2, "blue_green": 1, "rolling": 1})
    endpoint = derived(lambda row, n: f"https://{row.environment}.example.org/models/{n:06}")
    kubernetes_details = derived(
        lambda row, n: {"namespace": row.environment, "replicas": 1 + n % 3, "image": f"m:{n}"}
    )
    deployment_timestamp = moment()
    created_at = later("deployment_timestamp", 60)
    updated_at = later("created_at", 3600)


class AIModelFeedbackFactory(Factory[AIModelFeedback]):
    """What a user thought of an output."""

    class Meta:
        """What is made."""

        model = AIModelFeedback

    class Params:
        """What it is about, and whether the user was content."""

        praise = trait(rating=5, comment="Exactly what I asked for")
        complaint = trait(rating=1, comment="Not quite the colours")
        of_request = trait(generation_request=True)
        of_release = trait(model_version=True)

    rating = whole(1, 5)
    comment = phrase(
        "Exactly|Almost|Not quite",
        "what I asked for,",
        "the hands|the type|the colours",
        "could be better",
    )
    feedback_timestamp = moment()
    details = derived(lambda row, _: {"would_use_again": row.rating > 2, "tags": ["colours"]})  # noqa: PLR2004  # the better half
    created_at = later("feedback_timestamp", 60)
