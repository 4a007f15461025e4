import os

from django.apps import AppConfig


class ProbeConfig(AppConfig):
    name = "bench.probe"
    verbose_name = "Probe workflows"

    def ready(self) -> None:
        from apps.orchestration.workflows import register
        from bench.probe.apart import probe_alone, probe_apart
        from bench.probe.deployed import RELEASES
        from bench.probe.outside import probe_outside
        from bench.probe.people import WORKFLOWS
        from bench.probe.steps import probe_five, probe_prepared

        register(probe_five)
        register(probe_prepared)
        register(probe_apart)
        register(probe_alone)
        for workflow in WORKFLOWS:
            register(workflow)
        register(probe_outside)
        for workflow in RELEASES[os.environ.get("AICMO_PROBE_RELEASE", "")]:
            register(workflow)
