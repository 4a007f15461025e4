import pytest
from django.core import checks

from apps.production import queries
from apps.production.api import ports
from apps.production.apps import check_packs
from apps.production.models import Pack, PackSection
from apps.production.rules.packs import PACKS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", sorted(PACKS))
def test_are_shipped_as_the_rules_have_them(key: str) -> None:
    assert queries.find_pack(key) == PACKS[key]


def test_that_are_switched_off_cannot_be_ordered() -> None:
    Pack.objects.filter(key="quick_social_basic").update(is_active=False)
    assert [pack.key for pack in ports.list_packs()] == ["strategy_campaign_standard"]
    assert queries.find_pack("quick_social_basic") is None


def test_list_their_sections_in_order() -> None:
    (pack, _) = ports.list_packs()
    assert pack.sections[0] == "Overview"
    assert pack.sections[-1] == "Final summary"


def test_have_writer_prompt_and_benchmark_for_each_section() -> None:
    assert check_packs(databases=["default"]) == []


@pytest.mark.parametrize(
    ("flaw", "message"),
    [
        ({"renderer": "nobody"}, "no writer 'nobody'"),
        ({"prompt": "production/prompts/none.txt"}, "no prompt template templates/production/prompts/none.txt"),
        ({"prompt_version": "7"}, "not version: 7"),
        ({"benchmark": {"min_words": 1}}, "benchmark is not valid"),
    ],
)
def test_are_reported_when_a_section_lacks_something(flaw: dict, message: str) -> None:
    Pack.objects.exclude(key="quick_social_basic").update(is_active=False)
    PackSection.objects.filter(pack__key="quick_social_basic", key="overview").update(**flaw)
    (error,) = check_packs(databases=["default"])
    assert isinstance(error, checks.Error)
    assert "quick_social_basic.overview" in error.msg
    assert message in error.msg
