"""The worker's end of the queues, hardened: a message that is none cannot stop a worker.

By themselves kombu and Celery end the worker at a message of another shape than their own, and Redis gives it to the
next one.
"""

import logging
from collections.abc import Callable
from typing import Any

from celery.worker.consumer import Consumer
from kombu import Connection, Message
from kombu.transport import redis

log = logging.getLogger(__name__)

MALFORMED = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What looking into something of another shape trips over."""


class HardenedChannel(redis.Channel):
    """Logs and drops what lies in a queue and is not even the envelope of a message. It is out of the queue already."""

    def _brpop_read(self, **options: Any) -> bool:
        try:
            return super()._brpop_read(**options)
        except MALFORMED:
            log.critical("Something that is no message lay in a queue", exc_info=True)
            raise redis.Empty from None


class HardenedTransport(redis.Transport):
    Channel = HardenedChannel


class HardenedConsumer(Consumer):
    """Logs and drops a message that Celery cannot look at: a body of `42`, say."""

    def create_task_handler(self, *arguments: Any) -> Callable[[Message], None]:
        receive = super().create_task_handler(*arguments)

        def receive_or_drop(message: Message) -> None:
            try:
                receive(message)
            except MALFORMED as error:
                self.on_decode_error(message, error)

        return receive_or_drop

    def ensure_connected(self, connection: Connection) -> Connection:
        connection.transport_cls = HardenedTransport  # the broker's URL names kombu's own
        return super().ensure_connected(connection)
