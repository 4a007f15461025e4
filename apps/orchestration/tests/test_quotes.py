"""A quote …"""

from datetime import timedelta
from decimal import Decimal
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from apps.billing.models import Invoice, QuoteLetter
from apps.billing.tests.factories import AT, a_quote, accepted
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.orchestration.models import EventReceipt
from apps.orchestration.services import outbox
from apps.shared.tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client_of_ours(transactional_db: None) -> Client:
    return ClientFactory(name="Acme", slug="acme")


def dispatch() -> None:
    try:
        while outbox.dispatch_events():
            pass
    finally:
        connection.close()


def test_sent_is_told_to_the_clients_people_and_accepted_is_billed_once_by_however_many_workers(
    client_of_ours: Client, mailbox: Mailbox
) -> None:
    person = MembershipFactory(client=client_of_ours).user
    at = timezone.now()
    quote = a_quote(client_of_ours, deposit_percent=Decimal(30), days=(at - AT + timedelta(9)).days, at=at)
    dispatch()
    assert QuoteLetter.objects.get().user == person
    accepted(quote, person.pk, at=at)
    workers = [Thread(target=dispatch) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    invoice = Invoice.objects.get()
    assert (invoice.quote_id, invoice.quote_part, invoice.state, invoice.total) == (quote.pk, "DEPOSIT", "DRAFT", 369)
    assert EventReceipt.objects.get(reaction="bill_quote").state == "DONE"
