"""The same five rows by a bare Celery chain: the yardstick of the benchmark, with none of the engine's promises."""

from uuid import UUID

from celery import shared_task

from bench.probe.models import ProbeRow


@shared_task(name="probe.bare_step")
def bare_step(run_id: str, name: str) -> None:
    """Write one row."""
    ProbeRow.objects.create(step=name, run_id=UUID(run_id))
