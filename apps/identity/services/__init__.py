"""Verbs of identity: clients and accounts, and the ways into the portal."""

from apps.identity.services.answers import AnswerUnderWay, KeyTaken, answer_once, forget_answers
from apps.identity.services.links import follow_login_link, make_login_link
from apps.identity.services.people import (
    TakenMeanwhile,
    add_user,
    assign,
    assign_roles,
    change_client,
    change_user,
    ensure_owner,
    forget_attention,
    give_back,
    grant_membership,
    grant_role_permissions,
    note_login,
    note_logout,
    note_password_change,
    open_client,
    put_off,
    revoke_membership,
)
from apps.identity.services.tokens import TokenRefused, admit, make_token, revoke_token

__all__ = [
    "AnswerUnderWay",
    "KeyTaken",
    "TakenMeanwhile",
    "TokenRefused",
    "add_user",
    "admit",
    "answer_once",
    "assign",
    "assign_roles",
    "change_client",
    "change_user",
    "ensure_owner",
    "follow_login_link",
    "forget_answers",
    "forget_attention",
    "give_back",
    "grant_membership",
    "grant_role_permissions",
    "make_login_link",
    "make_token",
    "note_login",
    "note_logout",
    "note_password_change",
    "open_client",
    "put_off",
    "revoke_membership",
    "revoke_token",
]
