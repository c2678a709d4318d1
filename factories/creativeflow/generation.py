"""Generation requests and what came of them."""

from typing import Any

from factory.base import Factory

from factories.creativeflow.base import credit_amount
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
    same_as,
    trait,
    whole,
)
from schema.creativeflow import GenerationRequest, GenerationResult

_SIZES = {"512x512": 3, "1024x1024": 2, "1024x576": 1}


def _parameters(row: Any, number: int) -> dict[str, object]:
    return {"count": 4, "seed": number, "size": "512x512", "model": row.ai_model_used}


def _offer(request: Any) -> None:
    """Name the samples on the request, as the interface reads them."""
    request.sample_assets = [
        {"asset_id": str(result.asset_id), "resolution": result.resolution}
        for result in request.results
    ]


def _choose(request: Any) -> None:
    """Choose the first sample, and finish it."""
    _offer(request)
    chosen = min(request.results, key=lambda result: str(result.id))
    chosen.is_selected = True
    chosen.asset.is_final = True
    request.selected_sample = chosen.asset
    request.final_asset = chosen.asset


def _mark(result: Any) -> None:
    """Name a result that was chosen as the one that its request selected."""
    if result.is_selected:
        result.generation_request.selected_sample = result.asset


class GenerationRequestFactory(Factory[GenerationRequest]):
    """A request; most were answered, a few failed and say why."""

    class Meta:
        """What is made."""

        model = GenerationRequest

    class Params:
        """How far a request has come."""

        pending = trait(
            status="Pending", sample_assets=None, credits_cost_final=None, processing_time_ms=None
        )
        processing = trait(status="Processing", credits_cost_final=None, processing_time_ms=None)
        failed = trait(
            status="Failed", sample_assets=None, credits_cost_sample=0, credits_cost_final=None
        )
        completed = trait(
            status="Completed",
            results=children(
                "creativeflow.generation.GenerationResultFactory", "generation_request", 4
            ),
            outcome=afterwards(_offer),
        )
        finished = trait(
            status="Completed",
            results=children(
                "creativeflow.generation.GenerationResultFactory", "generation_request", 4
            ),
            outcome=afterwards(_choose),
        )
        in_project = trait(project=True)

    input_prompt = phrase(
        "a watercolour of|a product photo of|a flat illustration of|a poster with",
        "a lighthouse|two running shoes|a coffee cup|a city at night",
        "in soft light|on a plain background|seen from above|with room for a headline",
    )
    style_guidance = picked({"flat, friendly": 2, "photographic, low light": 1, None: 1})
    ai_model_used = picked({"aurora-2": 3, "linework-1": 1})
    input_parameters = derived(_parameters)
    status = picked({"Completed": 7, "Processing": 1, "Pending": 1, "Failed": 1})
    error_message = derived(
        lambda row, _: "the model timed out" if row.status == "Failed" else None
    )
    sample_assets = numbered(
        lambda n: [
            {"path": f"samples/{n:06}/{sample}.webp", "resolution": "512x512"}
            for sample in range(1, 5)
        ]
    )
    credits_cost_sample = credit_amount(2)
    credits_cost_final = credit_amount(5)
    processing_time_ms = whole(800, 45_000)
    created_at = moment()
    updated_at = later("created_at", 120)
    results = children("creativeflow.generation.GenerationResultFactory", "generation_request")


class GenerationResultFactory(Factory[GenerationResult]):
    """An output; which one was chosen, its request says."""

    class Meta:
        """What is made."""

        model = GenerationResult

    class Params:
        """Whether the user chose it."""

        selected = trait(is_selected=True, choice=afterwards(_mark))

    generation_request = parent("creativeflow.generation.GenerationRequestFactory")
    asset = parent(
        "creativeflow.assets.AssetFactory",
        type="AIGenerated",
        generation_request_source=same_as("..generation_request"),
    )
    is_selected = False
    resolution = picked(_SIZES)
