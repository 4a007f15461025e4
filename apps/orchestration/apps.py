from django.apps import AppConfig


class OrchestrationConfig(AppConfig):
    name = "apps.orchestration"
    verbose_name = "Orchestration"

    def ready(self) -> None:
        from apps.orchestration import checks  # noqa: F401  (registers itself)
        from apps.orchestration.services import outbox
        from apps.shared.events import event_published

        event_published.connect(outbox.store, dispatch_uid="orchestration.outbox")
