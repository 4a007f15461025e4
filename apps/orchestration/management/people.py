"""Who gives a command from a shell: a person with an account, who may do it."""

from django.core.management.base import CommandError

from apps.identity.models import User

EXIT_BAD_INPUT = 2
EXIT_REFUSED = 3
EXIT_NOT_PERMITTED = 4


def permitted_person(email: str, permission: str) -> User:
    """Return the person of an address who may do this.

    Raises CommandError with exit code 2 for an address that nobody has, 4 for a person who may not or is not active.
    """
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        words = f"--by: nobody has the address {email!r}; give the one that you log in with."
        raise CommandError(words, returncode=EXIT_BAD_INPUT)
    if not person.is_active:
        raise CommandError(f"--by: the account of {person.email} is not active.", returncode=EXIT_NOT_PERMITTED)
    if not person.has_perm(permission):
        words = f"{person.email} may not do this: it takes the permission {permission}, which the owner gives."
        raise CommandError(words, returncode=EXIT_NOT_PERMITTED)
    return person
