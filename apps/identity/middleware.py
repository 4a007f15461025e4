"""The portal's door: who asks, for which client, in one transaction that sees this client's rows alone.

And what ends or holds up a person who is logged in, on every page of the site.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.identity import services
from apps.identity.models import ApiToken, Membership
from apps.identity.rules import BEGAN, CHOSEN_CLIENT, IDLE_CLIENT, IDLE_STAFF, LONGEST_SESSION, scopes_of
from apps.shared.rest import once
from apps.shared.rest.access import Access
from apps.shared.rest.problems import CONTENT_TYPE, as_problem, problem
from apps.shared.row_security import act_as_owner, act_for

API, PAGES = "/api/", "/portal/"

SEEN = "seen_at"
"""Where a session remembers when it was last used, in seconds."""
SEEN_EVERY = 60
"""How exact the latter is: a write at each request would cost more than it tells."""
OPEN_WITHOUT_FACTOR = ("/account/", "/static/", "/health/")

WITH_MANAGER = "client__account_manager"

Answer = Callable[[HttpRequest], HttpResponse]


def remember_beginning(sender: type, request: HttpRequest, **_: object) -> None:
    """Note in a fresh session when it began."""
    request.session[BEGAN] = request.session[SEEN] = int(timezone.now().timestamp())


def end_old_sessions(get_response: Answer) -> Answer:
    """Log out whoever logged in half a day ago, or has not been seen for a while, whatever their cookie says."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now, session = int(timezone.now().timestamp()), request.session
            idle = IDLE_STAFF if request.user.is_staff else IDLE_CLIENT
            is_old = now - session.get(BEGAN, 0) > LONGEST_SESSION.total_seconds()
            if is_old or now - session.get(SEEN, 0) > idle.total_seconds():
                logout(request)
            elif now - session[SEEN] >= SEEN_EVERY:
                session[SEEN] = now
        return get_response(request)

    return answer


def ask_for_second_factor(get_response: Answer) -> Answer:
    """Where the house requires a second factor, let staff without one do nothing but set it up."""

    def answer(request: HttpRequest) -> HttpResponse:
        user, path = request.user, request.path_info
        is_asked = settings.REQUIRE_SECOND_FACTOR and user.is_authenticated and user.is_staff
        if not is_asked or user.second_factor_at is not None or path.startswith(OPEN_WITHOUT_FACTOR):
            return get_response(request)
        if path.startswith(API):
            return _refused(403, "Set up a second factor first, at the desk.")
        return redirect(reverse("second-factor"))

    return answer


def portal(get_response: Answer) -> Answer:
    """Recognise who asks for the portal (`request.access`), and lock the request to that one client's rows.

    What a request wrote commits when its answer is no refusal; a refused one leaves nothing. A POST to the API with an
    Idempotency-Key takes effect once.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((API, PAGES)):
            return get_response(request)
        if _is_too_large(request):  # before anything reads it: a form's files would fill the disk
            return _refused(413) if request.path_info.startswith(API) else _too_large(request)
        request.access = _recognise(request, at=timezone.now())
        respond = _once if _is_keyed(request) else _in_transaction
        response = respond(request, get_response) if request.access else get_response(request)
        refused_by_a_page = response.status_code >= 400 and response.get("Content-Type") != CONTENT_TYPE
        return as_problem(response) if refused_by_a_page and request.path_info.startswith(API) else response

    return answer


def _is_too_large(request: HttpRequest) -> bool:
    has_files = (request.content_type or "").startswith("multipart/")
    most = settings.PORTAL_MOST_UPLOAD_BYTES if has_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    told = request.META.get("CONTENT_LENGTH") or ""
    return told.isascii() and told.isdigit() and int(told) > most


def _recognise(request: HttpRequest, *, at: datetime) -> Access | None:
    kind, __, secret = request.headers.get("Authorization", "").partition(" ")
    if kind:
        token = services.admit(secret.strip(), at=at) if kind.lower() == "bearer" else None
        return _by_token(token) if token else None
    if not request.user.is_authenticated or not request.user.is_active:
        return None
    memberships = list(Membership.objects.filter(user=request.user).select_related(WITH_MANAGER).order_by("created_at"))
    chosen = request.session.get(CHOSEN_CLIENT)
    found = next((each for each in memberships if str(each.client_id) == chosen), next(iter(memberships), None))
    return _by_session(request, found, has_choice=len(memberships) > 1) if found else None


def _by_token(token: ApiToken) -> Access:
    membership = token.membership
    return Access(
        user=membership.user,
        client_id=membership.client_id,
        client_name=membership.client.name,
        membership_id=membership.pk,
        role=membership.role,
        scopes=scopes_of(membership.role).intersection(token.scopes),
        token_id=token.pk,
        account_manager=membership.client.account_manager,
    )


def _by_session(request: HttpRequest, membership: Membership, *, has_choice: bool) -> Access:
    return Access(
        user=request.user,
        client_id=membership.client_id,
        client_name=membership.client.name,
        membership_id=membership.pk,
        role=membership.role,
        scopes=scopes_of(membership.role),
        has_choice=has_choice,
        account_manager=membership.client.account_manager,
    )


def _in_transaction(request: HttpRequest, get_response: Answer) -> HttpResponse:
    try:
        with transaction.atomic():
            act_for(request.access.client_id)
            response = get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
    finally:
        if transaction.get_connection().in_atomic_block:  # a test's: there the role would outlive the request
            act_as_owner()


def _is_keyed(request: HttpRequest) -> bool:
    is_post = request.method == "POST" and request.path_info.startswith(API)
    return is_post and "Idempotency-Key" in request.headers


def _once(request: HttpRequest, get_response: Answer) -> HttpResponse:
    key = request.headers["Idempotency-Key"]
    if not once.is_key(key):
        return _refused(400, once.BAD_KEY)

    def answer(request: HttpRequest) -> HttpResponse:
        return services.answer_once(
            request.access,
            key=key,
            request_sha256=_fingerprint(request),
            at=timezone.now(),
            answer=lambda: get_response(request),
        )

    try:
        return _in_transaction(request, answer)
    except RequestDataTooBig:
        return _refused(413)
    except (SuspiciousOperation, MultiPartParserError) as error:
        return _refused(400, str(error))
    except once.KeyTaken:
        return _refused(422, once.TAKEN)
    except once.AnswerUnderWay:
        return _refused(409, once.UNDER_WAY)


def _refused(status: int, detail: str = "") -> HttpResponse:
    return JsonResponse(problem(status, detail), status=status, content_type=CONTENT_TYPE)


def _too_large(request: HttpRequest) -> HttpResponse:
    what = _("What you sent is too large. Send a smaller file.")
    return render(request, "portal/refused.html", {"what": what}, status=413)


def _fingerprint(request: HttpRequest) -> str:
    """Return a hash of what is asked: where, and with which body; of a form's files their names and contents."""
    digest = hashlib.sha256(f"{request.get_full_path()}\n{request.headers.get('If-Match', '')}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode("utf-8", "surrogatepass"))
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
                digest.update(hashlib.file_digest(file, "sha256").digest())
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()
