"""What a client's system asks of the portal, again and again: for locust, which `bench.portal` starts.

It runs in the peers' environment, without Django. AICMO_BENCH_TOKENS names a JSON file with one token a client.
"""

import json
import os
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from locust import HttpUser, between, task

_tokens: Iterator[str] = cycle(json.loads(Path(os.environ["AICMO_BENCH_TOKENS"]).read_text()))


class ClientOfTheAgency(HttpUser):
    """Looks at what waits, reads one, and decides now and then; a second between two requests."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {next(_tokens)}"
        self.waiting: list[str] = []

    @task(5)
    def list_reviews(self) -> None:
        answer = self.client.get("/api/v1/reviews?state=SENT", name="list")
        if answer.ok:
            self.waiting = [each["id"] for each in answer.json()["results"]]

    @task(4)
    def read_review(self) -> None:
        if self.waiting:
            self.client.get(f"/api/v1/reviews/{self.waiting[0]}", name="detail")

    @task(1)
    def decide(self) -> None:
        if not self.waiting:
            return
        review = self.waiting.pop()
        answer = self.client.get(f"/api/v1/reviews/{review}", name="detail")
        if answer.ok:
            headers = {"If-Match": answer.headers["ETag"], "Idempotency-Key": review}
            self.client.post(
                f"/api/v1/reviews/{review}/decision", json={"verdict": "APPROVED"}, headers=headers, name="decide"
            )
