"""Importing intakes at the desk …"""

import json
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.observability.models import AuditEntry
from apps.onboarding.api import ports as onboarding
from apps.onboarding.models import Intake
from apps.orchestration.models import OutboxEvent, Upload
from apps.orchestration.services.imports import Line
from apps.orchestration.services.uploads import KEPT
from apps.orchestration.tests.conftest import browser_of
from apps.shared.gateways.tables import MOST_BYTES, read_table, write_csv
from apps.shared.models import least_key

COLUMNS = ("name", "country", "currency", "time_zone", "form_version", "primary_offer", "goals", "target_audience")
GOOD = ("Acme", "IE", "EUR", "Europe/Dublin", "2026-02", "kayak tours", "60 tours a month", "couples")
MANY = 200
SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "intakes.csv"

ROWS_TOO_MANY = json.dumps({"headers": ["name"], "rows": {number: ["Acme"] for number in range(MANY + 1)}})

pytestmark = pytest.mark.django_db


def row(**changes: str) -> tuple[str, ...]:
    return tuple((dict(zip(COLUMNS, GOOD, strict=True)) | changes).values())


def file_of(*rows: Sequence[str]) -> bytes:
    return write_csv(COLUMNS, rows).encode()


MIXED = file_of(
    GOOD,
    row(country="Ireland"),
    row(name=""),
    row(name="Globex", goals="", target_audience="tbd"),
    GOOD,
    row(name="Globex", goals="=HYPERLINK(1)"),
)


@pytest.fixture
def manager() -> Browser:
    """An account manager's browser."""
    return browser_of("Account manager")


def look(browser: Browser, content: bytes) -> HttpResponse:
    sent = {"file": SimpleUploadedFile("table", content), "look": ""}
    return browser.post(reverse("import-intakes"), sent, follow=True)


def press(browser: Browser, button: str, content: bytes) -> HttpResponse:
    """Press a button of the page that shows what a file would do."""
    seen = look(browser, content).context["table"].model_dump_json()
    return browser.post(reverse("import-intakes"), {"seen": seen, button: ""}, follow=True)


def outcomes(answer: HttpResponse) -> list[str]:
    return [line.outcome for line in answer.context["lines"]]


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Client, Intake, AuditEntry, OutboxEvent))


def problem(answer: HttpResponse) -> str:
    return " ".join(answer.context["form"].errors["file"])


def test_shows_first_what_each_row_would_do_and_stores_nothing(manager: Browser, globex: Client) -> None:
    before = stored()
    answer = look(manager, MIXED)
    lines: tuple[Line, ...] = answer.context["lines"]
    assert outcomes(answer) == ["NEW", "REFUSED", "REFUSED", "REFUSED", "REFUSED", "NEW"]
    assert [line.number for line in lines] == [2, 3, 4, 5, 6, 7]
    assert [line.has_known_client for line in lines] == [False, False, False, True, True, True]
    assert "Import 2 intakes" in answer.content.decode()
    assert stored() == before


def test_says_what_is_wrong_beside_its_row_and_column(manager: Browser) -> None:
    answer = look(manager, MIXED)
    wrong = [line.problems for line in answer.context["lines"]]
    assert "is no country" in wrong[1]["country"]
    assert wrong[2] == {"name": "is missing; add it"}
    assert set(wrong[3]) == {"goals", "target_audience"}
    assert wrong[4] == {"row": "says the same as row 2; leave one out"}
    assert "<strong>goals</strong> is not answered; no brief can be made without it" in answer.content.decode()


def test_captures_the_good_rows_and_says_who_did_it(manager: Browser) -> None:
    answer = press(manager, "import", MIXED)
    assert "2 intakes imported" in answer.content.decode()
    assert "4 refused" in answer.content.decode()
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Acme", "Globex"]
    acme = Intake.objects.get(client__name="Acme")
    assert (acme.source, acme.form_version) == ("IMPORT", "2026-02")
    assert acme.answers == {"primary_offer": GOOD[5], "goals": GOOD[6], "target_audience": GOOD[7]}
    who = AuditEntry.objects.filter(action__in=["IntakeCaptured", "ClientOpened"]).values_list("actor_id", flat=True)
    assert list(who) == [User.objects.get().pk] * 4


def test_adds_nothing_where_the_same_file_comes_twice(manager: Browser) -> None:
    press(manager, "import", MIXED)
    before = stored()
    assert outcomes(look(manager, MIXED)) == ["KNOWN", "REFUSED", "REFUSED", "REFUSED", "KNOWN", "KNOWN"]
    assert "0 intakes imported" in press(manager, "import", MIXED).content.decode()
    assert stored() == before


def test_gives_back_the_refused_rows_which_come_in_once_they_are_corrected(manager: Browser) -> None:
    answer = press(manager, "refused", file_of(GOOD, row(country="Ireland", goals="- =1+1")))
    assert answer["Content-Disposition"] == 'attachment; filename="refused-intakes.csv"'
    given = read_table(answer.content)
    assert given.headers == (*COLUMNS, "error")
    assert "country 'Ireland' is no country" in given.rows[2][-1]
    assert "'- =1+1" in answer.content.decode()
    corrected = answer.content.replace(b"Acme,Ireland", b"Acme,IE")
    assert outcomes(press(manager, "import", corrected)) == ["NEW"]
    assert Intake.objects.get().answers["goals"] == "- =1+1"


def test_keeps_formulas_as_texts_and_makes_no_html_of_them(manager: Browser) -> None:
    told = row(name="<script>alert(1)</script>", country="<b>", goals="=1+1")
    page = look(manager, file_of(told, row(name="<script>alert(2)</script>"))).content.decode()
    assert "<script>alert" not in page
    press(manager, "import", file_of(row(goals="=1+1")))
    assert Intake.objects.get().answers["goals"] == "=1+1"


def test_takes_a_sheet_of_excel_too(manager: Browser) -> None:
    book, written = Workbook(), BytesIO()
    for cells in (COLUMNS, GOOD):
        book.active.append(cells)
    book.save(written)
    assert outcomes(press(manager, "import", written.getvalue())) == ["NEW"]
    assert outcomes(look(manager, file_of(GOOD))) == ["KNOWN"]


def test_takes_the_table_among_the_samples(manager: Browser) -> None:
    answer = press(manager, "import", SAMPLE.read_bytes())
    assert outcomes(answer) == ["NEW", "NEW", "REFUSED"]
    assert Intake.objects.get(client__country="DE").answers["timeline"] == "90 Tage"


def test_opens_a_new_client_once_and_leaves_a_known_one_as_it_is(manager: Browser, acme: Client) -> None:
    rows = file_of(row(country="DE"), row(name="Globex"), row(name="globex", goals="more"))
    assert [line.has_known_client for line in look(manager, rows).context["lines"]] == [True, False, True]
    press(manager, "import", rows)
    assert Client.objects.get(name="Acme").country == acme.country == "IE"
    assert Intake.objects.filter(client__name="Globex").count() == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "neither a CSV nor an XLSX file"),
        (b"x" * (MOST_BYTES + 1), "more than 500 kB"),
        (write_csv([*COLUMNS, "Shoe size"], [(*GOOD, "43")]).encode(), "not of the intake form: Shoe size"),
        (write_csv(COLUMNS[1:], [GOOD[1:]]).encode(), "columns are missing: name"),
    ],
)
def test_says_beside_the_field_what_is_wrong_with_a_file(manager: Browser, content: bytes, words: str) -> None:
    answer = look(manager, content)
    assert answer.status_code == 200
    assert words in problem(answer)
    assert "lines" not in answer.context


@pytest.mark.parametrize("seen", ["", "{", '{"headers": ["name"], "rows": {"2": []}}', "[" * 10_000, ROWS_TOO_MANY])
def test_asks_for_a_file_where_nothing_whole_came_back(manager: Browser, seen: str) -> None:
    answer = manager.post(reverse("import-intakes"), {"seen": seen, "import": ""})
    assert "Choose" in problem(answer)
    assert not Intake.objects.exists()


def test_stores_nothing_of_a_table_when_a_fault_of_ours_stops_it(
    manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture, calls = onboarding.capture_intake, []

    def fail_at_the_second(**wishes: Any) -> Any:
        calls.append(wishes)
        if len(calls) == 2:
            raise RuntimeError("disk full")
        return capture(**wishes)

    monkeypatch.setattr(onboarding, "capture_intake", fail_at_the_second)
    with pytest.raises(RuntimeError, match="disk full"):
        press(manager, "import", file_of(GOOD, row(name="Globex")))
    assert not Client.objects.exists()
    assert not Intake.objects.exists()


def test_refuses_a_row_that_somebody_else_imported_in_the_meantime_for_another_client(
    manager: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(manager, "import", file_of(GOOD))
    Client.objects.update(name="Acme Ltd", slug="acme-ltd")
    monkeypatch.setattr(onboarding, "find_intakes", lambda *, keys: (None,) * len(keys))
    answer = press(manager, "import", file_of(GOOD, row(name="Globex")))
    assert outcomes(answer) == ["REFUSED", "NEW"]
    assert "was used for another intake" in answer.context["lines"][0].problems["row"]
    assert sorted(Client.objects.values_list("name", flat=True)) == ["Acme Ltd", "Globex"]


def queries_of(browser: Browser, content: bytes) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert look(browser, content).status_code == 200
    return len(queries)


def test_previews_many_rows_with_the_queries_of_one(manager: Browser) -> None:
    for name in range(MANY // 2):
        ClientFactory(name=f"Company {name}", slug=f"company-{name}")
    many = [row(name=f"Company {name}") for name in range(MANY)]
    press(manager, "import", file_of(*many[:3]))
    assert queries_of(manager, file_of(*many)) == queries_of(manager, file_of(many[0]))


def test_gives_a_template_that_can_be_filled(manager: Browser) -> None:
    template = manager.get(reverse("import-template"))
    assert template["Content-Disposition"] == 'attachment; filename="intakes.csv"'
    headings = template.content.decode("utf-8-sig").strip().split(",")
    said = dict(zip(COLUMNS, GOOD, strict=True)) | {"objective": GOOD[6]}
    filled = write_csv(headings, [[said.get(heading, "") for heading in headings]])
    assert outcomes(look(manager, filled.encode())) == ["NEW"]


@pytest.mark.parametrize("role", ["Finance", "Producer", "QC reviewer", "Sales"])
def test_is_refused_to_those_who_take_in_no_intakes(role: str) -> None:
    browser = browser_of(role)
    assert browser.get(reverse("import-intakes")).status_code == 403
    assert browser.get(reverse("import-template")).status_code == 403
    seen = {"seen": read_table(file_of(GOOD)).model_dump_json(), "import": ""}
    assert browser.post(reverse("import-intakes"), seen).status_code == 403
    assert reverse("import-intakes") not in browser.get(reverse("admin:onboarding_intake_changelist")).content.decode()
    assert not Intake.objects.exists()


def test_is_led_to_from_where_people_look(manager: Browser) -> None:
    for name in ("admin:index", "admin:onboarding_intake_changelist", "start-run"):
        assert reverse("import-intakes") in manager.get(reverse(name)).content.decode(), name


def test_is_what_an_empty_list_of_intakes_tells_to_do_next(manager: Browser) -> None:
    page = manager.get(reverse("admin:onboarding_intake_changelist")).content.decode()
    assert reverse("start-run") in page[page.index("No intakes yet") :]
    assert reverse("import-intakes") in page


def test_takes_from_a_limited_manager_what_is_of_their_own_clients_alone(manager: Browser, settings: Any) -> None:
    settings.OWN_CLIENTS_ONLY = True
    ClientFactory(name="Acme", slug="acme", account_manager=User.objects.get())
    ClientFactory(name="Globex", slug="globex")
    content = file_of(GOOD, row(name="Globex"), row(name="Initech"))
    lines = look(manager, content).context["lines"]
    assert [line.outcome for line in lines] == ["NEW", "REFUSED", "REFUSED"]
    assert [line.has_known_client for line in lines[1:]] == [False, False], "whether others work for it is not told"
    press(manager, "import", content)
    assert set(Intake.objects.values_list("client__name", flat=True)) == {"Acme"}
    assert not Client.objects.filter(name="Initech").exists()


def test_shows_what_became_of_it_again_when_the_page_is_loaded_again_and_does_nothing(manager: Browser) -> None:
    answer = press(manager, "import", MIXED)
    ((address, status),) = answer.redirect_chain
    before = stored()
    again = manager.get(address)
    assert status == 302
    assert (again.context["is_done"], outcomes(again)) == (True, outcomes(answer))
    assert "2 intakes imported" in again.content.decode()
    assert stored() == before


def test_shows_nobody_else_what_somebody_sent_in(manager: Browser) -> None:
    ((address, _),) = look(manager, MIXED).redirect_chain
    other = browser_of("Account manager")
    for asked in (address, f"{reverse('import-intakes')}?upload=nonsense", address.replace("import-intakes", "start")):
        answer = other.get(asked)
        assert "lines" not in answer.context
        assert "Globex" not in answer.content.decode()
        assert "is not kept any more" in answer.content.decode()


def test_forgets_after_a_week_what_was_sent_in(manager: Browser) -> None:
    ((address, _),) = look(manager, MIXED).redirect_chain
    Upload.objects.update(id=least_key(timezone.now() - KEPT - timedelta(minutes=1)))
    look(manager, file_of(GOOD))
    assert Upload.objects.count() == 1
    assert "lines" not in manager.get(address).context
