"""Verbs of identity: clients and accounts, and the ways into the portal."""

from apps.identity.services.answers import AnswerUnderWay, KeyTaken, answer_once, forget_answers
from apps.identity.services.forgetting import forget_expired
from apps.identity.services.links import (
    ask_for_link,
    find_link,
    follow_login_link,
    register_bell,
    send_login_link,
    send_waiting_links,
)
from apps.identity.services.logins import is_own_password, recognise
from apps.identity.services.own_account import change_own_password, choose_language, invite, invite_member
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
from apps.identity.services.second_factor import (
    address_for_app,
    begin_second_factor,
    confirm_second_factor,
    drop_second_factor,
    key_to_type,
    reset_second_factor,
)
from apps.identity.services.tokens import TokenRefused, admit, make_token, revoke_token
from apps.identity.services.tries import LoginRefused, LoginWaits
from apps.shared.rest.limits import address_of

__all__ = [
    "AnswerUnderWay",
    "KeyTaken",
    "LoginRefused",
    "LoginWaits",
    "TakenMeanwhile",
    "TokenRefused",
    "add_user",
    "address_for_app",
    "address_of",
    "admit",
    "answer_once",
    "ask_for_link",
    "assign",
    "assign_roles",
    "begin_second_factor",
    "change_client",
    "change_own_password",
    "change_user",
    "choose_language",
    "confirm_second_factor",
    "drop_second_factor",
    "ensure_owner",
    "find_link",
    "follow_login_link",
    "forget_answers",
    "forget_attention",
    "forget_expired",
    "give_back",
    "grant_membership",
    "grant_role_permissions",
    "invite",
    "invite_member",
    "is_own_password",
    "key_to_type",
    "make_token",
    "note_login",
    "note_logout",
    "note_password_change",
    "open_client",
    "put_off",
    "recognise",
    "register_bell",
    "reset_second_factor",
    "revoke_membership",
    "revoke_token",
    "send_login_link",
    "send_waiting_links",
]
