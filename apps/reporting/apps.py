from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "apps.reporting"
    verbose_name = "Reporting"

    def ready(self) -> None:
        from apps.reporting import tasks
        from apps.reporting.services import letters

        letters.register_bell(tasks.send_letter.delay)
