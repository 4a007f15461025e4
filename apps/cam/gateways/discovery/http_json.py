"""Somebody's directory that answers GET requests in JSON, page by page."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps.cam.gateways.discovery.source import SourceRefused
from apps.cam.rules.discovery import Criteria, JsonConfig, Page, dig, filled, read_item
from apps.shared.gateways.http import Fetched, NotAnswered, UrlRefused, fetch
from apps.shared.resilience import VendorIll, outside

MOST_BYTES = 4_000_000
_OK, _TOO_MANY, _BROKEN = 200, 429, 500


class JsonSource:
    """An HTTP address with marks in it, and the ways to what is wanted of its answer."""

    def __init__(self, config: JsonConfig) -> None:
        self.config = config

    def look(self, criteria: Criteria, cursor: str) -> Page:
        """Return the page at a cursor, which is a number or the source's own. Raises SourceRefused and VendorIll."""
        config = self.config
        page = int(cursor or config.first_page) if config.paging == "PAGE" else config.first_page
        marks = {"query": criteria.query, "title": criteria.title, "country": criteria.country or ""}
        marks |= {"page": str(page), "cursor": cursor, "page_size": str(config.page_size)}
        answer = self._answer(filled(config.url, marks))
        items = dig(answer, config.list_path)
        if not isinstance(items, list):
            raise SourceRefused(f"There is no list at “{config.list_path or 'the top'}” of the answer.")
        profiles = tuple(found for item in items if (found := read_item(item, config.fields, criteria)))
        if items and not profiles:
            raise SourceRefused(f"No item has anything at “{config.fields['external_id']}”, which is to be its key.")
        return Page(profiles, self._next(answer, page) if items else "")

    def _next(self, answer: Any, page: int) -> str:
        if self.config.paging == "PAGE":
            return str(page + 1)
        if self.config.paging == "CURSOR":
            cursor = dig(answer, self.config.cursor_path)
            return str(cursor)[:500] if isinstance(cursor, (str, int)) and not isinstance(cursor, bool) else ""
        return ""

    def _answer(self, url: str) -> Any:
        try:
            answer = _asked(url, self._headers(url))
        except UrlRefused as refusal:
            raise SourceRefused(str(refusal)) from refusal
        if answer.status != _OK:
            raise SourceRefused(f"The source answers {answer.status}: {answer.body[:200].decode('utf-8', 'replace')}")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise SourceRefused(f"The source's answer is no JSON: {error}") from error

    def _headers(self, url: str) -> dict[str, str]:
        secret = ""
        if self.config.secret:
            known = settings.DISCOVERY_SECRETS.get(self.config.secret)
            if known is None:
                raise SourceRefused(f"AICMO_DISCOVERY_SECRETS has no “{self.config.secret}”.")
            if known.host != urlsplit(url).hostname:
                raise SourceRefused(f"The secret “{self.config.secret}” is for {known.host} and is sent nowhere else.")
            secret = known.secret
        named = {name: value.replace("{secret}", secret) for name, value in self.config.headers.items()}
        return {"Accept": "application/json", **named}


@outside("discovery", deadline=25)
def _asked(url: str, headers: dict[str, str]) -> Fetched:
    try:
        answer = fetch(url, headers=headers, most=MOST_BYTES)
    except NotAnswered as error:
        raise VendorIll(str(error)) from error
    if answer.status == _TOO_MANY or answer.status >= _BROKEN:
        raise VendorIll(f"It answers {answer.status}.", retry_after=answer.retry_after)
    return answer
