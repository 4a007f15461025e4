"""Logging in by a password, and by a code where there is a second factor."""

from datetime import datetime

from apps.identity.models import LoginTries, User
from apps.identity.rules import comparable_address
from apps.identity.services.second_factor import is_proven
from apps.identity.services.tries import LoginRefused, forget_tries, note_failure, take_try


def recognise(email: str, password: str, *, code: str = "", address: str, at: datetime) -> User:
    """Return the person of an address and a password, and of a code where they have a second factor.

    Raises LoginRefused, and LoginWaits after too many failures of this name from this network address; both for names
    that nobody has, too, after the same work.
    """
    name = comparable_address(email)
    take_try(LoginTries.Kind.LOGIN, name, address=address, at=at)
    user = User.objects.filter(email=name).first()
    if user is None:
        User().set_password(password)  # takes as long as checking one
    elif user.check_password(password) and user.is_active and is_proven(user, code, at=at):
        forget_tries(name, address=address)
        return user
    note_failure(name, user, address=address, at=at)
    raise LoginRefused


def is_own_password(user: User, password: str, *, address: str, at: datetime) -> bool:
    """Tell whether a person who is logged in knows their password. Raises LoginWaits after too many failures."""
    take_try(LoginTries.Kind.LOGIN, user.email, address=address, at=at)
    if not user.check_password(password):
        note_failure(user.email, user, address=address, at=at)
        return False
    forget_tries(user.email, address=address)
    return True
