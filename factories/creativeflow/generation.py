"""Generation requests and what came of them."""

from typing import Any

from factory.base import Factory

from factories.creativeflow.base import (
    credit_amount,
    derived,
    later,
    moment,
    numbered,
    phrase,
    picked,
    whole,
)
from schema.creativeflow import GenerationRequest, GenerationResult

_SIZES = {"512x512": 3, "1024x1024": 2, "1024x576": 1}


def _parameters(row: Any, number: int) -> dict[str, object]:
    return {"count": 4, "seed": number, "size": "512x512", "model": row.ai_model_used}


class GenerationRequestFactory(Factory[GenerationRequest]):
    """A request; most were answered, a few failed and say why."""

    class Meta:
        """What is made."""

        model = GenerationRequest

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


class GenerationResultFactory(Factory[GenerationResult]):
    """An output; which one was chosen, its request says."""

    class Meta:
        """What is made."""

        model = GenerationResult

    is_selected = False
    resolution = picked(_SIZES)
