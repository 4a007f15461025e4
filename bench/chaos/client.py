"""Clients that accept a run each and then die as planned: `python -m bench.chaos.client KEY …`."""

import os
import sys

import django

django.setup()

from django.utils import timezone

from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from bench.probe.outside import Case


def main() -> int:
    for key in sys.argv[1:]:
        if os.fork() == 0:
            start_run(get_workflow("probe_outside"), (Case(),), key=key, at=timezone.now())
            os._exit(0)
        os.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
