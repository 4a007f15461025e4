"""A mailbox …"""

import pytest
from django.db import connection

from apps.cam.models import Mailbox
from apps.cam.services.mailboxes import Overtaken, claim_mailbox, holding, release_mailbox
from apps.cam.tests.factories import MailboxFactory

pytestmark = pytest.mark.django_db


def _forget_the_owner(mailbox: Mailbox) -> None:
    """Let the time of a killed owner pass."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cam_mailbox SET held_until = clock_timestamp() - interval '1 second' WHERE id = %s", [mailbox.pk]
        )


def test_is_in_one_pair_of_hands() -> None:
    mailbox = MailboxFactory()
    assert claim_mailbox(mailbox) is not None
    assert claim_mailbox(mailbox) is None


def test_can_be_claimed_again_once_it_is_given_back() -> None:
    mailbox = MailboxFactory()
    first = claim_mailbox(mailbox)
    release_mailbox(first)
    second = claim_mailbox(mailbox)
    assert second.fence == first.fence + 1


def test_stops_who_was_overtaken() -> None:
    mailbox = MailboxFactory()
    slow = claim_mailbox(mailbox)
    _forget_the_owner(mailbox)
    quick = claim_mailbox(mailbox)
    with pytest.raises(Overtaken), holding(slow):
        pytest.fail("the slow one went on")
    with holding(quick):
        pass


def test_is_not_given_back_by_who_was_overtaken() -> None:
    mailbox = MailboxFactory()
    slow = claim_mailbox(mailbox)
    _forget_the_owner(mailbox)
    claim_mailbox(mailbox)
    release_mailbox(slow)
    assert claim_mailbox(mailbox) is None


def test_is_held_longer_with_every_transaction() -> None:
    mailbox = MailboxFactory()
    claim = claim_mailbox(mailbox)
    _forget_the_owner(mailbox)
    with holding(claim):
        pass
    assert claim_mailbox(mailbox) is None
