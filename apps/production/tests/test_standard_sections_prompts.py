"""Each prompt of the standard sections, as a language model receives it."""

from functools import cache

import pytest
from django.template.loader import render_to_string

from apps.onboarding.tests.factories import dental_brief
from apps.production.tests.test_standard_sections import BENCHMARKS, KEYS
from apps.strategy.tests.factories import strategy_for


@cache
def prompt_for(key: str) -> str:
    brief = dental_brief(client_name="Foam & Fern")
    strategy = strategy_for(brief)
    context = {
        "brief": brief,
        "strategy": strategy,
        "benchmark": BENCHMARKS[key],
        "brief_json": brief.model_dump_json(),
        "strategy_json": strategy.model_dump_json(),
    }
    return render_to_string(f"production/prompts/{key}.txt", context)


@pytest.mark.parametrize("key", KEYS)
def test_names_the_client_the_measure_and_every_label(key: str) -> None:
    prompt, benchmark = prompt_for(key), BENCHMARKS[key]

    assert prompt.startswith("version: 1\n")
    assert "Foam & Fern" in prompt
    assert f"{benchmark.min_words} to {benchmark.max_words} words" in prompt
    assert [label for label in benchmark.labels if label not in prompt] == []


@pytest.mark.parametrize("key", KEYS)
def test_asks_for_something_of_its_own(key: str) -> None:
    task = prompt_for(key).partition("\nMeasure")[0]

    assert len(task.split()) > 60
    assert [other for other in KEYS if other != key and prompt_for(other).partition("\nMeasure")[0] == task] == []
