from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_migrate


class IdentityConfig(AppConfig):
    name = "apps.identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        from apps.identity import middleware, services, tasks

        services.register_bell(tasks.send_login_link.delay)
        user_logged_in.connect(middleware.remember_beginning, dispatch_uid="identity.session")
        user_logged_in.connect(services.note_login, dispatch_uid="identity.login")
        user_logged_out.connect(services.note_logout, dispatch_uid="identity.logout")
        # An app's permissions exist only after its migrations, so no migration can hand all of them out.
        post_migrate.connect(_grant_role_permissions, dispatch_uid="identity.roles")


def _grant_role_permissions(sender: AppConfig, **_: object) -> None:
    from apps.identity import services

    services.grant_role_permissions(sender.label)
