"""At the desk, finance …"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing.models import BankLine, BankStatement, Payment
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import an_invoice
from apps.identity.models import Client
from apps.shared.desk import list_of, page_of

pytestmark = pytest.mark.django_db

NEW = "admin:billing_bankstatement_new"


def send(browser: Browser, content: str) -> str:
    file = SimpleUploadedFile("march.csv", content.encode())
    return browser.post(reverse(NEW), {"file": file}).content.decode()


def fields_of(page: str) -> dict[str, object]:
    """Return what the first form of the page would send, with its ticks."""
    form = page.split('name="seen"')[1].split("</form>")[0]
    sent: dict[str, object] = {"seen": re.search(r'value="([^"]*)"', form)[1], "import": "1"}
    sent["looked"] = re.search(r'name="looked" value="([^"]*)"', form)[1].replace("&#x27;", "'")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    found = re.search(r'<input[^>]*name="currency"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="currency"', form)
    sent["currency"] = next((each for each in found.groups() if each), "") if found else ""
    sent["book"] = re.findall(r'name="book" value="([^"]*)"', form)
    return sent


@pytest.fixture
def statement(acme: Client) -> str:
    invoice = an_invoice(acme, at=timezone.now())
    day = f"{timezone.localdate():%d.%m.%Y}"
    return (
        "Buchungstag;Zahlungspflichtige*r;Verwendungszweck;Betrag (€)\n"
        f"{day};Acme;{invoice.number};123,00\n{day};=cmd();thanks;5,00\n{day};Globex;broken;=1+1"
    )


def test_sees_what_each_line_would_pay_before_anything_is_stored(finance: Browser, statement: str) -> None:
    page = send(finance, statement)
    assert "Number and open amount are the same." in page
    assert "It names no invoice." in page
    assert not BankStatement.objects.exists()


def test_imports_what_is_ticked_and_finds_the_rest_on_the_first_page(finance: Browser, statement: str) -> None:
    answer = finance.post(reverse(NEW), fields_of(send(finance, statement)))
    assert answer["Location"] == page_of(BankStatement.objects.get())
    assert list(BankLine.objects.order_by("row").values_list("state", flat=True)) == ["MATCHED", "UNMATCHED"]
    assert "Bank lines without an invoice" in finance.get(reverse("admin:index")).content.decode()


def test_is_shown_it_again_where_it_is_to_be_read_otherwise_than_looked_at(finance: Browser, statement: str) -> None:
    sent = fields_of(send(finance, statement)) | {"date_order": "MDY"}
    assert finance.post(reverse(NEW), sent).status_code == 200
    assert not BankStatement.objects.exists()


def test_must_choose_where_a_day_can_be_read_in_two_ways(finance: Browser) -> None:
    page = send(finance, "date,purpose,amount,currency\n03/04/2026,x,1.00,EUR")
    assert "days can be read in more than one way" in page


def test_downloads_refused_rows_as_text(finance: Browser, statement: str) -> None:
    finance.post(reverse(NEW), fields_of(send(finance, statement)))
    url = reverse("admin:billing_bankstatement_refused", args=[BankStatement.objects.get().pk])
    content = finance.get(url).content.decode()
    assert "amount" in content
    assert ",'=1+1" in content


def test_says_what_a_line_pays(finance: Browser, acme: Client, statement: str) -> None:
    finance.post(reverse(NEW), fields_of(send(finance, statement)))
    line, invoice = BankLine.objects.get(state="UNMATCHED"), an_invoice(acme, at=timezone.now())
    url = reverse("admin:billing_bankline_match", args=[line.pk])
    count = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    wrong = finance.post(url, count | {"form-0-number": "INV-1", "form-0-amount": "5"})
    assert "is no invoice&#x27;s number" in wrong.content.decode()
    finance.post(url, count | {"form-0-number": invoice.number, "form-0-amount": "5"})
    line.refresh_from_db()
    assert (line.state, Payment.objects.filter(invoice=invoice).get().amount) == ("MATCHED", 5)
    assert "Its payments" in finance.get(page_of(line)).content.decode()


def test_sees_hostile_cells_as_text(finance: Browser) -> None:
    page = send(finance, "date,payer,purpose,amount,currency\n2026-03-02,<script>x</script>,<b>,1.00,EUR")
    assert "<script>x" not in page


@pytest.mark.parametrize("role", ["Strategist", "Account manager"])
def test_alone_takes_statements_in(role: str) -> None:
    assert browser_of(role).get(reverse(NEW)).status_code == 403


def test_reads_lists_with_few_queries(finance: Browser, statement: str, django_assert_max_num_queries: object) -> None:
    finance.post(reverse(NEW), fields_of(send(finance, statement)))
    for model in (BankLine, BankStatement):
        with django_assert_max_num_queries(12):
            assert finance.get(list_of(model)).status_code == 200
