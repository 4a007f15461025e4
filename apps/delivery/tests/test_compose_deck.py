from io import BytesIO

import pytest
from pptx import Presentation

from apps.delivery.gateways.slides import render_pptx
from apps.delivery.rules.deck import (
    POINT_CHARACTERS,
    POINTS_PER_SLIDE,
    ROWS_PER_SLIDE,
    STATEMENT_CHARACTERS,
    TITLE_CHARACTERS,
    compose_deck,
)
from apps.delivery.rules.markdown import plain_text
from apps.delivery.tests.factories import Job, job_for
from apps.onboarding.api.dtos import Brief, BriefWarning
from apps.onboarding.tests.factories import dental_brief, saas_brief


def slides_of(job: Job):
    return compose_deck(job.brief, job.strategy, job.document())


def wordy_brief() -> Brief:
    long = "An outcome that takes very many words to say, " * 30
    lines = tuple(f"{n} {long}" for n in range(40))
    warnings = tuple(BriefWarning(field="budget", message=line) for line in lines)
    return dental_brief(
        client_name="W" * 190, proof=lines, forbidden_claims=lines, pain_points=lines, warnings=warnings
    )


@pytest.mark.parametrize("brief", [dental_brief(), saas_brief(), wordy_brief()])
def test_gives_10_to_30_slides_that_do_not_overflow(brief):
    slides = slides_of(job_for(brief=brief))
    assert 9 <= len(slides) <= 29  # and the title slide
    for slide in slides:
        assert len(slide.title) <= TITLE_CHARACTERS + len(" (1 of 2)")
        assert len(slide.statement) <= STATEMENT_CHARACTERS
        assert len(slide.points) <= POINTS_PER_SLIDE
        assert all(len(point) <= POINT_CHARACTERS for point in slide.points)
        assert slide.table is None or len(slide.table.rows) <= ROWS_PER_SLIDE


def test_gives_each_slide_something_to_see_and_to_say():
    for slide in slides_of(job_for()):
        assert slide.statement or slide.points or slide.table or slide.chart
        assert len(slide.notes) >= 50


def test_keeps_in_the_notes_what_a_slide_has_no_room_for():
    slides = slides_of(job_for(brief=wordy_brief()))
    proof = next(slide for slide in slides if slide.title.startswith("Why people will believe it"))
    assert len(proof.notes) > sum(map(len, proof.points))


def test_lists_every_section_of_the_report():
    job = job_for()
    last = slides_of(job)[-1]
    shown = " ".join(plain_text(cell) for row in last.table.rows for cell in row)
    assert all(section.heading in shown for section in job.draft.sections)


def test_becomes_a_presentation_with_a_native_chart_and_notes():
    job = job_for()
    deck = Presentation(BytesIO(render_pptx(job.document(), slides_of(job))))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    (chart,) = charts
    assert list(chart.plots[0].categories) == [channel.channel for channel in reversed(job.strategy.channels)]
    assert list(chart.plots[0].series[0].values) == [
        float(channel.budget_share_pct) for channel in reversed(job.strategy.channels)
    ]
    assert all(len(slide.notes_slide.notes_text_frame.text) >= 50 for slide in deck.slides)
    assert deck.slides[0].shapes.title.text == "Bright Harbour Dental"


def test_shows_no_sentence_of_the_client_with_a_word_it_bans():
    brief = dental_brief(proof=("Best clinic 2024", "4.9 on Google"), banned_words=("best",))
    shown = " ".join(f"{slide.points} {slide.notes}" for slide in slides_of(job_for(brief=brief)))
    assert "4.9 on Google" in shown
    assert "Best clinic" not in shown
