"""`manage.py rekey_leads`: after AICMO_IDENTITY_KEY has changed, know every lead by the new key."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.cam.services.identity import rekey_leads


class Command(BaseCommand):
    help = "Give every lead the hashes that the present AICMO_IDENTITY_KEY makes; suppressions keep those of the old."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rekey_leads()} leads changed")
