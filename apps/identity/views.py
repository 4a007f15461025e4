"""Pages on which people log in and look after their account, and their tokens in the portal.

They work without a script. Answers are the same whether an address is known or not, and none is kept by a browser.
"""

from datetime import datetime, timedelta
from uuid import UUID

import qrcode
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathImage

from apps.identity import queries, services
from apps.identity.forms import (
    WAITS,
    WRONG,
    CodeForm,
    LinkForm,
    LoginForm,
    NewPasswordForm,
    TokenForm,
    WishForDataForm,
)
from apps.identity.models import Client, DataRequest, Membership, User
from apps.identity.rules import BEGAN, CHOSEN_CLIENT, LINK_LIFETIME, has_just_logged_in, scopes_of
from apps.shared.portal import page

SHOWS_AND_TAKES = ("GET", "HEAD", "POST")
EXPORT, ERASURE = DataRequest.Kind.EXPORT, DataRequest.Kind.ERASURE
DATA_STATES = {
    (EXPORT, "ASKED"): gettext_lazy("We have your wish."),
    (EXPORT, "PREPARING"): gettext_lazy("We put the copy together."),
    (EXPORT, "READY"): gettext_lazy("The copy is ready."),
    (EXPORT, "DONE"): gettext_lazy("Done. The copy is removed."),
    (EXPORT, "REFUSED"): gettext_lazy("We cannot do this."),
    (ERASURE, "ASKED"): gettext_lazy("We have your wish."),
    (ERASURE, "PREPARING"): gettext_lazy("We look at what there is, and what the law keeps."),
    (ERASURE, "READY"): gettext_lazy("We look at what there is, and what the law keeps."),
    (ERASURE, "CONFIRMED"): gettext_lazy("It is being erased."),
    (ERASURE, "DONE"): gettext_lazy("Done. It is erased."),
    (ERASURE, "REFUSED"): gettext_lazy("We cannot do this."),
}
"""How a request stands, in the words of whoever asked."""

BY_LINK = "logged_in_by_link_at"
"""When a session began by a link: for as long as one is good, its owner may set a password without the present one."""


@method_decorator([never_cache, require_http_methods(SHOWS_AND_TAKES)], name="dispatch")
class LogIn(LoginView):
    """The log-in: a password here, or a link by mail."""

    authentication_form = LoginForm
    template_name = "account/log_in.html"
    redirect_authenticated_user = True
    extra_context = {"link_form": LinkForm}  # noqa: RUF012

    def get_default_redirect_url(self) -> str:
        return resolve_url(_first_page(self.request.user))

    def form_valid(self, form: LoginForm) -> HttpResponse:
        return _speak(super().form_valid(form), form.get_user().language)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("account-login")


@require_POST
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Have a link mailed; say the same whoever asks."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, "account/log_in.html", {"form": LoginForm(request), "link_form": form})
    services.ask_for_link(
        form.cleaned_data["email"], address=services.address_of(request), language=get_language(), at=timezone.now()
    )
    return render(request, "account/link_sent.html", {"minutes": _minutes(LINK_LIFETIME)})


@never_cache
@require_http_methods(SHOWS_AND_TAKES)
def follow_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show one button, for those who scan mails open links, too; log in whoever presses it."""
    link = services.find_link(secret, at=timezone.now())
    problem = ""
    if link is not None and request.method == "POST":
        code, address = request.POST.get("code", ""), services.address_of(request)
        try:
            user = services.follow_login_link(secret, code=code, address=address, at=timezone.now())
        except (services.LoginRefused, services.LoginWaits) as refusal:
            problem = WRONG if isinstance(refusal, services.LoginRefused) else WAITS
        else:
            return _log_in_by_link(request, user) if user else redirect(request.path)
    if link is None:
        return _private(render(request, "account/link_ended.html", {"link_form": LinkForm()}, status=410))
    form = CodeForm() if link.user.second_factor_at else None
    return _private(render(request, "account/follow_link.html", {"form": form, "problem": problem}))


def _log_in_by_link(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    request.session[BY_LINK] = timezone.now().timestamp()
    return _speak(redirect(_first_page(user)), user.language)


def _first_page(user: User) -> str:
    """Return where a person goes who came from nowhere: somebody of no client has nothing to see in the portal."""
    return settings.LOGIN_REDIRECT_URL if queries.memberships_of(user) else "account"


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "strict-origin"  # the address of the page is the secret
    return response


@never_cache
@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show who is logged in, for which clients they may act, and what they can look after."""
    memberships = queries.memberships_of(request.user)
    chosen = request.session.get(CHOSEN_CLIENT) or (str(memberships[0].client_id) if memberships else "")
    return render(request, "account/account.html", {"memberships": memberships, "chosen": chosen})


@never_cache
@require_http_methods(SHOWS_AND_TAKES)
@login_required
@sensitive_post_parameters()
def your_data(request: HttpRequest) -> HttpResponse:
    """Show what a person asked for of their data, or of their client's, and let them ask for a copy or an erasure."""
    client, now = _approved_client(request), timezone.now()
    is_proven = has_just_logged_in(request.session.get(BEGAN, 0), now)
    form = None
    if is_proven or request.user.has_usable_password():
        form = WishForDataForm(
            *(request.user, client, request.POST or None),
            asks_password=not is_proven,
            address=services.address_of(request),
        )
        if request.method == "POST" and form.is_valid() and _ask_for_data(request, client, form):
            messages.success(request, _("We have your wish, and answer within a month. This page says how it stands."))
            return redirect("your-data")
    asked = [
        (each, DATA_STATES[each.kind, each.state], services.sign_export(each, by=request.user) if each.has_file else "")
        for each in queries.requests_shown_to(request.user)
    ]
    minutes = _minutes(services.LINK_LIVES)
    return render(request, "account/your_data.html", {"form": form, "asked": asked, "minutes": minutes})


def _ask_for_data(request: HttpRequest, client: Client | None, form: WishForDataForm) -> bool:
    """Write a wish down, and tell whether; where it cannot be, the form says why."""
    said, member = form.cleaned_data, _acting(request)
    wish = {"kind": said["kind"], "client": client if said["about"] == form.OF_CLIENT else None}
    asked_in = member and member.client_id
    try:
        services.ask_for_data(**wish, asked_in=asked_in, by=request.user, at=timezone.now())
    except services.AskedTooOften:
        form.add_error(None, _("You have asked for a lot today. Ask again tomorrow, or write to us."))
    except services.DataRequestRefused:
        form.add_error(None, _("This is asked for already, and not done yet."))
    return form.is_valid()


def _acting(request: HttpRequest) -> Membership | None:
    """Return for which client a person acts: the one they chose, else their first."""
    memberships, chosen = queries.memberships_of(request.user), request.session.get(CHOSEN_CLIENT)
    return next((each for each in memberships if str(each.client_id) == chosen), next(iter(memberships), None))


def _approved_client(request: HttpRequest) -> Client | None:
    """Return the client that a person acts and decides for."""
    member = _acting(request)
    return member.client if member and member.role == Membership.Role.APPROVER else None


@never_cache
@require_safe
@login_required
def own_export(request: HttpRequest, request_id: UUID, signed: str) -> HttpResponse:
    """Send a copy of the data to the person whom the link was made for."""
    row = queries.requests_shown_to(request.user).filter(pk=request_id).first()
    if row is None or not services.is_signed(signed, row, by=request.user):
        raise Http404
    try:
        file = services.open_export(row, by=request.user, at=timezone.now())
    except (services.DataRequestRefused, FileNotFoundError):
        messages.error(request, _("There is no file any more. Ask for another copy."))
        return redirect("your-data")
    return FileResponse(file, as_attachment=True, filename=f"data-{row.pk}.zip")


@login_required
@require_POST
def choose_client(request: HttpRequest) -> HttpResponse:
    """Act from now on for this client, if the person is one of its members."""
    wanted = request.POST.get("client", "")
    if wanted not in {str(membership.client_id) for membership in queries.memberships_of(request.user)}:
        raise Http404
    request.session[CHOSEN_CLIENT] = wanted
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on, to whoever is logged in on all their machines."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "account"
    response = redirect(back)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            services.choose_language(request.user, language)
        _speak(response, language)
    return response


def _speak(response: HttpResponse, language: str) -> HttpResponse:
    """Let the browser ask for a language from now on."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=timedelta(days=365),
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response


@never_cache
@require_http_methods(SHOWS_AND_TAKES)
@login_required
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password; the person's other sessions end."""
    is_fresh = request.session.get(BY_LINK, 0) > (timezone.now() - LINK_LIFETIME).timestamp()
    if not (is_fresh or request.user.has_usable_password()):
        return render(request, "account/password_by_link.html")
    form = NewPasswordForm(
        request.user, request.POST or None, asks_old=not is_fresh, address=services.address_of(request)
    )
    if request.method == "POST" and form.is_valid():
        services.change_own_password(request.user, form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        request.session.pop(BY_LINK, None)
        messages.success(
            request, _("Your password is changed. Wherever else you were logged in, you are not any more.")
        )
        return redirect("account")
    return render(request, "account/password.html", {"form": form})


@never_cache
@require_http_methods(SHOWS_AND_TAKES)
@login_required
@sensitive_post_parameters()
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show how the second factor stands, set one up, or take it away."""
    user, wish, problem = request.user, request.POST.get("wish", ""), ""
    code = request.POST.get("code", "")[:40]
    if wish == "begin" and user.second_factor_at is None:
        services.begin_second_factor(user)
        return redirect("second-factor")
    if wish == "confirm" and user.second_factor_at is None:
        codes = services.confirm_second_factor(user, code, at=timezone.now())
        if codes:
            update_session_auth_hash(request, user)
            return render(request, "account/recovery_codes.html", {"codes": codes})
        problem = _("This code is wrong, or older than half a minute. Type the one the app shows now.")
    if wish == "drop" and user.second_factor_at is not None:
        try:
            if services.drop_second_factor(user, code, address=services.address_of(request), at=timezone.now()):
                update_session_auth_hash(request, user)
                return redirect("second-factor")
            problem = _("This code is wrong, or was used already.")
        except services.LoginWaits:
            problem = WAITS
    return render(request, "account/second_factor.html", {**_factor_shown(user), "problem": problem})


def _factor_shown(user: User) -> dict[str, object]:
    """Return what the page shows of a second factor: the key only until it is in force."""
    factor = queries.find_second_factor(user)
    shown: dict[str, object] = {"form": CodeForm(), "factor": factor}
    if factor is not None and factor.confirmed_at is None:
        shown |= {"qr": _qr(services.address_for_app(factor)), "key": services.key_to_type(factor)}
    elif factor is not None:
        shown["codes_left"] = queries.count_recovery_codes(factor)
    return shown


def _qr(text: str) -> SafeString:
    image = qrcode.make(text, image_factory=SvgPathImage, box_size=10)
    return mark_safe(image.to_string(encoding="unicode"))  # noqa: S308 — squares, drawn here


@never_cache
@require_http_methods(SHOWS_AND_TAKES)
@page()
def tokens(request: HttpRequest) -> HttpResponse:
    """List the tokens of one's own membership, and issue another; its secret is shown this once."""
    access, issued = request.access, {}
    if access.token_id is not None:
        raise Http404  # pages are for people: a token issues no other
    form = TokenForm(scopes_of(access.role), request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        wish = {"name": form.cleaned_data["name"], "scopes": form.cleaned_data["scopes"]}
        issued = _issue(request, wish, at=at, expires_at=at + timedelta(days=form.cleaned_data["days"]))
        form = TokenForm(scopes_of(access.role))
    listed = [
        (token, [TokenForm.SCOPES[scope] for scope in token.scopes])
        for token in queries.tokens_of(access.membership_id)
    ]
    shown = {"form": form, "tokens": listed, "now": timezone.now()}
    return render(request, "account/tokens.html", {**shown, **issued})


def _issue(request: HttpRequest, wish: dict, *, at: datetime, expires_at: datetime) -> dict[str, object]:
    membership = queries.get_membership(request.access.membership_id)
    token, secret = services.make_token(membership, **wish, expires_at=expires_at, at=at, by=request.user.pk)
    return {"issued": token, "secret": secret}


@require_POST
@page()
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End a token of one's own membership."""
    token = queries.tokens_of(request.access.membership_id).filter(pk=token_id).first()
    if token is None or request.access.token_id is not None:
        raise Http404
    services.revoke_token(token, at=timezone.now(), by=request.user.pk)
    messages.success(request, _("%(name)s is revoked: it opens nothing any more.") % {"name": token.name})
    return redirect("tokens")


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
