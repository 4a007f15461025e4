from django.apps import AppConfig


class OrchestrationConfig(AppConfig):
    name = "apps.orchestration"
    verbose_name = "Orchestration"

    def ready(self) -> None:
        from apps.orchestration import checks  # noqa: F401  (registers itself)
        from apps.orchestration.queries import metrics
        from apps.orchestration.services import control, outbox
        from apps.shared.events import event_published
        from apps.shared.gateways.halt import register_halt
        from apps.shared.gateways.proof import register_proof_mode
        from apps.shared.telemetry import offer_metrics

        event_published.connect(outbox.store, dispatch_uid="orchestration.outbox")
        register_proof_mode(control.is_proof_mode)
        register_halt(control.why_halted)
        offer_metrics(metrics.measure)
