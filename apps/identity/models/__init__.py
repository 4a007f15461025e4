from apps.identity.models.access import ApiToken, LoginLink, StoredAnswer
from apps.identity.models.people import Attention, Client, ClientQuerySet, Membership, User, UserManager

__all__ = [
    "ApiToken",
    "Attention",
    "Client",
    "ClientQuerySet",
    "LoginLink",
    "Membership",
    "StoredAnswer",
    "User",
    "UserManager",
]
