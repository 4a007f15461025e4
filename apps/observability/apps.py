from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
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
        if settings.OTLP_ENDPOINT:
            self._switch_traces_on()

    def _switch_traces_on(self) -> None:
        from apps.observability.rules import redactor

        try:
            from apps.observability.gateways import traces
        except ModuleNotFoundError as missing:
            raise ImproperlyConfigured(
                f"AICMO_OTLP_ENDPOINT is set, but {missing.name} is not installed: "
                "unset it, or run `pip install -r requirements-traces.txt`."
            ) from missing
        exporter = traces.send_to(settings.OTLP_ENDPOINT)
        traces.switch_on(exporter, release=settings.RELEASE, redacted=redactor(settings.KNOWN_SECRETS))
