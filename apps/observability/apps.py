from django.apps import AppConfig
from django.core.signals import request_finished, request_started


class ObservabilityConfig(AppConfig):
    name = "apps.observability"
    verbose_name = "Observability"

    def ready(self) -> None:
        from apps.observability import services
        from apps.shared.events import event_published

        event_published.connect(services.record_published, dispatch_uid="observability.audit")
        request_started.connect(services.remember_request, dispatch_uid="observability.request_started")
        request_finished.connect(services.forget_request, dispatch_uid="observability.request_finished")
