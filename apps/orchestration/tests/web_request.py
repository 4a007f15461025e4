"""A web process that serves one request, which starts a probe run: `python -m apps.orchestration.tests.web_request`."""

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone


def start(request: HttpRequest, workflow: str) -> HttpResponse:
    """Start a run, as a page of the desk does."""
    from apps.orchestration.api.ports import start_run
    from bench.probe.steps import Seed

    run = start_run(workflow=workflow, inputs=(Seed(),), key="traced", at=timezone.now())
    return HttpResponse(str(run.id))


urlpatterns = [path("start/<str:workflow>", start)]

if __name__ == "__main__":
    settings.ROOT_URLCONF = "apps.orchestration.tests.web_request"
    django.setup()
    assert (
        Client(SERVER_NAME="localhost")
        .get("/start/probe_prepared", headers={"X-Request-ID": "the-request"})
        .status_code
        == 200
    )
