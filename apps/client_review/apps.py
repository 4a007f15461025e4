from django.apps import AppConfig


class ClientReviewConfig(AppConfig):
    name = "apps.client_review"
    verbose_name = "Client review"
