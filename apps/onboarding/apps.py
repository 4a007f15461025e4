from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "apps.onboarding"
    verbose_name = "Onboarding"

    def ready(self) -> None:
        from apps.onboarding import services, tasks

        services.register_bell(tasks.send_invitation.delay)
