import hashlib

import pytest

from apps.production.api import ports
from apps.production.api.events import AssetGenerated
from apps.production.rules.assets import asset_specs
from apps.production.tests.conftest import Store

pytestmark = pytest.mark.django_db


def test_specifies_a_visual_for_each_post_that_shows_one(store: Store) -> None:
    draft = ports.get_draft(draft_id=store().pk)
    bundle = ports.assemble_bundle(draft_id=draft.id)
    assert len(bundle.assets) == len(asset_specs(draft.calendar)) > 10
    hooks = {item.hook for item in draft.calendar if item.format != "Engagement"}
    assert all(any(hook in asset.spec for hook in hooks) for asset in bundle.assets)


def test_signs_each_specification(store: Store) -> None:
    for asset in ports.assemble_bundle(draft_id=store().pk).assets:
        assert asset.sha256 == hashlib.sha256(asset.spec.encode()).hexdigest()


def test_gives_sizes_by_platform(store: Store) -> None:
    (item, *_) = ports.get_draft(draft_id=store().pk).calendar
    sizes = {
        name: asset_specs([item.model_copy(update={"platform": name, "format": kind})])[0].spec.split("\n")[2]
        for name, kind in (("Instagram", "Carousel"), ("Instagram ", "Reel"), ("LinkedIn", "Text post"))
    }
    assert sizes == {
        "Instagram": "Size: 1080 x 1350 px",
        "Instagram ": "Size: 1080 x 1920 px",
        "LinkedIn": "Size: 1200 x 627 px",
    }


def test_tells_of_each_asset(store: Store, published: list) -> None:
    bundle = ports.assemble_bundle(draft_id=store().pk)
    told = [event.aggregate_id for event, _ in published if isinstance(event, AssetGenerated)]
    assert told == [asset.id for asset in bundle.assets]


def test_keeps_the_bundle_a_draft_has(store: Store) -> None:
    draft = store()
    assert ports.assemble_bundle(draft_id=draft.pk) == ports.assemble_bundle(draft_id=draft.pk)
