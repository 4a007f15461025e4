from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "apps.retention"
    verbose_name = "Retention"

    def ready(self) -> None:
        from apps.retention import services, tasks

        services.register_bell(tasks.mail_survey.delay)
