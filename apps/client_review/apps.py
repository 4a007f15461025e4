from django.apps import AppConfig


class ClientReviewConfig(AppConfig):
    name = "apps.client_review"
    verbose_name = "Client review"

    def ready(self) -> None:
        from apps.client_review import services, tasks

        services.register_bell(tasks.send_notice.delay)
