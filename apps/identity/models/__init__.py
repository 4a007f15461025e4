from apps.identity.models.access import ApiToken, LoginLink, StoredAnswer
from apps.identity.models.data_requests import DataRequest
from apps.identity.models.people import (
    Attention,
    Client,
    ClientQuerySet,
    Membership,
    User,
    UserManager,
    all_but_names,
)
from apps.identity.models.proofs import LoginTries, RecoveryCode, SecondFactor

__all__ = [
    "ApiToken",
    "Attention",
    "Client",
    "ClientQuerySet",
    "DataRequest",
    "LoginLink",
    "LoginTries",
    "Membership",
    "RecoveryCode",
    "SecondFactor",
    "StoredAnswer",
    "User",
    "UserManager",
    "all_but_names",
]
