"""`manage.py rekey_leads`: after AICMO_IDENTITY_KEY has changed, know leads and suppressions by the new one."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.cam.services.identity import rekey_leads


class Command(BaseCommand):
    help = (
        "Give every lead, and every suppression whose address or domain is still shown, the hashes that the present"
        " AICMO_IDENTITY_KEY makes. Of an erased person nobody can make one: such a suppression is lost with the old"
        " key."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Leads changed: {rekey_leads()}")
