"""A server on loopback that speaks OpenAI's chat completions, as well or as badly as a test wants."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.shared.resilience import breaker
from apps.shared.tests.receiver import Handler, Receiver, Request, listening

KEY = "sk-canary-1f6e0c9d7b"


class ModelHandler(Handler):
    """Says what it says as JSON, as such servers do."""

    def say(self, status: int, body: bytes, **headers: str) -> None:
        if status == 200 and "Content_Encoding" not in headers:
            headers = {"Content_Type": "application/json", **headers}
        if status >= 400:
            body = json.dumps({"error": {"message": f"You sent {self.headers['Authorization']}"}}).encode()
        super().say(status, body, **headers)

    def cut_in_json(self) -> None:
        whole = completion('{"kind": "POSITIVE", "quote": "Who are you?"}')
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        self.wfile.write(whole[: len(whole) // 2])


def completion(content: Any, **message: Any) -> bytes:
    """Return what such a server answers: `content` is the model's text."""
    said = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "small",
        "choices": [
            {
                "index": 0,
                "finish_reason": message.pop("finish_reason", "stop"),
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 200, "completion_tokens": 20, "total_tokens": 220},
    }
    return json.dumps(said).encode()


def asked(request: Request) -> dict[str, Any]:
    """Return what a model was sent."""
    return json.loads(request.body)


@contextmanager
def language_model(settings: Any) -> Iterator[Receiver]:
    """Let a model on loopback be the one that is asked; its breaker begins and ends closed."""
    with listening(handler=ModelHandler) as model:
        settings.LLM_URL = model.url.replace("/hooks", "/v1")
        settings.LLM_KEY, settings.LLM_MODEL, settings.LLM_SECONDS, settings.LLM_DAILY = KEY, "small", 5, 200
        breaker.BREAKERS["llm"].close()
        yield model
        breaker.BREAKERS["llm"].close()
