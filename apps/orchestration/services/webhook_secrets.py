"""Secrets of webhooks: random, shown once, stored encrypted.

They have to be read again to sign, so a hash would not do. The key comes from SECRET_KEY; what an earlier one of
SECRET_KEY_FALLBACKS encrypted is read as well, and `reencrypted` brings it under the present one, so that the earlier
one can be forgotten without any client noticing.
"""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

BYTES = 32


class SecretLost(Exception):
    """A stored secret was encrypted by a key that is not known any more."""


def new_secret() -> str:
    """Return a new secret, as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def encrypted(secret: str) -> str:
    """Return a secret as it is stored."""
    return _keys().encrypt(secret.encode()).decode()


def decrypted(stored: str) -> str:
    """Return a secret to sign with. Raises SecretLost."""
    try:
        return _keys().decrypt(stored).decode()
    except InvalidToken as error:
        raise SecretLost("The secret cannot be read any more; rotate it.") from error


def reencrypted(stored: str) -> str:
    """Return a stored secret under the present key, as it is where that is its own already. Raises SecretLost."""
    try:
        _key(settings.SECRET_KEY).decrypt(stored)
    except InvalidToken:
        return encrypted(decrypted(stored))
    return stored


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    derived = salted_hmac("aicmo.webhook_secrets", "fernet", secret=secret, algorithm="sha256")
    return Fernet(base64.urlsafe_b64encode(derived.digest()))
