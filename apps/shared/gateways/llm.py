"""Language models: one question, one answer of a known shape, from whatever speaks OpenAI's chat completions.

What is asked about is data, handed over as one JSON document that nothing in it can end; what comes back is untrusted,
and is validated before anybody sees it. No setting, no call. The package is an extra (requirements-llm.txt), imported
with the first question. What the limits are for: docs/decisions/0016.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core import checks
from django.template.loader import render_to_string
from pydantic import BaseModel, ValidationError

from apps.shared.resilience import VendorIll, outside, time_limit

MOST_SECONDS = 60
CONNECT_SECONDS = 5.0
NOT_BEFORE = 300.0
"""Seconds for which nobody asks again where the settings are wrong: longer than a question, so there is no retry."""
MOST_REPAIRED = 4_000
"""Characters of a wrong answer that the model is shown again."""

T = TypeVar("T", bound=BaseModel)
Messages = list[dict[str, str]]


class AskRefused(Exception):
    """The provider or the model will not answer this question, today or tomorrow."""


class AnswerUnusable(Exception):
    """What came back is no answer of the shape that was asked for, not at the second try either, or too much."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost, with all its tries. `seconds` is the whole of it, not the time between two bytes."""

    seconds: float = 30.0
    most_bytes: int = 256_000
    most_tokens: int = 1_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told to do, and what it is to be done to, which is data, whatever it says."""

    version: int
    instructions: str
    data: Mapping[str, str]

    @classmethod
    def read(cls, template: str, data: Mapping[str, str]) -> "Prompt":
        """Return the prompt of a template, whose first line says its version: `version: 3`."""
        first, _, instructions = render_to_string(template).partition("\n")
        return cls(int(first.removeprefix("version: ")), instructions.strip(), data)

    def as_messages(self) -> Messages:
        """Return what is sent: the same prompt is the same bytes."""
        said = json.dumps(dict(self.data), ensure_ascii=False, sort_keys=True)
        return [{"role": "system", "content": self.instructions}, {"role": "user", "content": said}]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a model said, in the shape it was asked for, and what that took. Tokens are None where it does not tell."""

    said: T
    model: str
    took_ms: int
    tokens_in: int | None
    tokens_out: int | None
    question_sha256: str
    answer_sha256: str


@dataclass(frozen=True, slots=True)
class _Completion:
    text: str
    tokens_in: int | None
    tokens_out: int | None


def is_configured() -> bool:
    """Tell whether there is a model to ask."""
    return bool(settings.LLM_URL)


def ask(prompt: Prompt, schema: type[T], limits: Limits) -> Answer[T]:
    """Ask the model, and return its answer; one that has not the shape of `schema` is given back once, to be mended.

    Raises VendorIll (or another TransientFailure) when it may be asked again later, AskRefused, AnswerUnusable, and
    RuntimeError inside a transaction, which would stay open as long.
    """
    began = time.monotonic()
    messages = prompt.as_messages()
    with time_limit(limits.seconds):
        found = [_complete(messages, limits)]
        said, wrong = _validated(schema, found[0].text)
        if said is None:
            found.append(_complete(messages + _mend(found[0].text, wrong), limits))
            said, wrong = _validated(schema, found[1].text)
    if said is None:
        raise AnswerUnusable(f"The answer has not the shape it was asked for: {wrong}"[:500])
    return Answer(
        said=said,
        model=settings.LLM_MODEL,
        took_ms=round((time.monotonic() - began) * 1000),
        tokens_in=_sum(each.tokens_in for each in found),
        tokens_out=_sum(each.tokens_out for each in found),
        question_sha256=_sha256(json.dumps(messages, ensure_ascii=False)),
        answer_sha256=_sha256(found[-1].text),
    )


def say_what_is_missing(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Refuse to start where a model is set and the package that speaks with it is not installed."""
    if not is_configured() or find_spec("openai"):
        return []
    hint = "Run `pip install -r requirements-llm.txt`, or unset AICMO_LLM_URL."
    return [checks.Error("AICMO_LLM_URL is set, but openai is not installed.", hint=hint, id="shared.E001")]


def _validated(schema: type[T], text: str) -> tuple[T | None, str]:
    """Return what a text says in a schema's shape, or None and what is wrong with it, in no word of the text."""
    try:
        return schema.model_validate_json(text), ""
    except ValidationError as error:
        known = {*schema.model_fields, ""}
        places = [(str(next(iter(each["loc"]), "")), each["type"]) for each in error.errors(include_input=False)[:3]]
        return None, "; ".join(f"{place if place in known else 'another key'}: {kind}" for place, kind in places)


def _mend(text: str, wrong: str) -> Messages:
    asked = f"That answer is wrong ({wrong}). Answer again: one JSON object of the shape asked for, and nothing else."
    return [{"role": "assistant", "content": text[:MOST_REPAIRED]}, {"role": "user", "content": asked}]


def _sum(counts: Iterator[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- the one provider: whatever speaks OpenAI's protocol --------------------------------------------------------------


@outside("llm", deadline=MOST_SECONDS)
def _complete(messages: Messages, limits: Limits) -> _Completion:
    """Return what the model writes next. No error of ours carries words of the provider's: they may hold the key."""
    import openai

    try:
        answer = _sent(messages, limits)
    except openai.APIStatusError as error:
        raise _failure(error.status_code, error.response.headers.get("retry-after")) from None
    except openai.APIConnectionError as error:
        if isinstance(error.__cause__, AnswerUnusable):
            raise error.__cause__ from None
        raise VendorIll(f"The model does not answer: {type(error.__cause__ or error).__name__}.") from None
    except (openai.OpenAIError, ValueError, RecursionError) as error:
        raise AnswerUnusable(f"What came back is not OpenAI's protocol: {type(error).__name__}.") from None
    return _read(answer)


def _sent(messages: Messages, limits: Limits) -> Any:
    import httpx2
    import openai

    # A time-out of each read is none for who drips bytes: the transport looks at the clock, `time_limit` does the rest.
    waits = httpx2.Timeout(limits.seconds, connect=min(CONNECT_SECONDS, limits.seconds))
    with (
        # No redirect, and no proxy or password that the environment names: the key goes where AICMO_LLM_URL says alone.
        httpx2.Client(transport=_transport(limits), timeout=waits, follow_redirects=False, trust_env=False) as link,
        openai.OpenAI(
            base_url=settings.LLM_URL,
            api_key=settings.LLM_KEY or "none",
            max_retries=0,
            timeout=waits,
            http_client=link,
            default_headers={"Accept-Encoding": "identity"},  # what is not packed cannot unpack to a gigabyte
        ) as client,
    ):
        return client.chat.completions.create(
            model=settings.LLM_MODEL,
            messages=messages,  # type: ignore[arg-type]
            response_format={"type": "json_object"},
            max_completion_tokens=limits.most_tokens,
        )


def _transport(limits: Limits) -> Any:
    """Return what carries a request, and breaks off an answer that is too long in bytes or in seconds."""
    import httpx2

    ends = time.monotonic() + limits.seconds

    class Capped(httpx2.SyncByteStream):
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for chunk in self.stream:
                read += len(chunk)
                if read > limits.most_bytes:
                    raise AnswerUnusable(f"The answer is longer than {limits.most_bytes} bytes.")
                if time.monotonic() > ends:
                    raise httpx2.ReadTimeout("The answer takes too long.")
                yield chunk

        def close(self) -> None:
            self.stream.close()

    class Transport(httpx2.HTTPTransport):
        def handle_request(self, request: Any) -> Any:
            response = super().handle_request(request)
            if response.headers.get("content-encoding", "identity") != "identity":
                response.close()
                raise AnswerUnusable("The answer is packed, which nobody asked for.")
            response.stream = Capped(response.stream)
            return response

    return Transport(trust_env=False)


def _failure(status: int, retry_after: str | None) -> Exception:
    """Return what a status means: later, never, or that our settings are wrong, which somebody mends in time."""
    if status in (408, 409, 425, 429) or status >= 500:
        asked = float(retry_after[:6]) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
        return VendorIll(f"The model's server says {status}.", retry_after=asked)
    if status in (401, 402, 403, 404, 405) or status < 400:
        words = f"The model's server says {status}: are AICMO_LLM_URL, AICMO_LLM_KEY and AICMO_LLM_MODEL right?"
        return VendorIll(words, retry_after=NOT_BEFORE)
    return AskRefused(f"The model's server refuses the question: {status}.")


def _read(answer: Any) -> _Completion:
    """Return the text of a completion, each part of which may be missing or anything."""
    try:
        choice = answer.choices[0]
        text, refusal = choice.message.content, getattr(choice.message, "refusal", None)
        is_filtered = choice.finish_reason == "content_filter"
    except (AttributeError, IndexError, KeyError, TypeError):
        raise AnswerUnusable("What came back is no completion.") from None
    if refusal or is_filtered:
        raise AskRefused("The model refuses to answer.")
    usage = getattr(answer, "usage", None)
    counts = [getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens")]
    known = [count if isinstance(count, int) and 0 <= count < 2**31 else None for count in counts]
    return _Completion(text if isinstance(text, str) else "", known[0], known[1])
