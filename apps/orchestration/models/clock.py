"""The one clock that leases and wake-ups trust: PostgreSQL's."""

from datetime import timedelta

from django.db import models
from django.db.models import Func
from django.db.models.expressions import Combinable


class ClockTimestamp(Func):
    """PostgreSQL's clock as of now, not as of the transaction's start: the only clock that leases trust."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()
    arity = 0


class StatementTimestamp(Func):
    """PostgreSQL's clock at the start of the statement: steady within it, so that an index can be asked by it."""

    function = "statement_timestamp"
    output_field = models.DateTimeField()
    arity = 0


class SavedAtField(models.DateTimeField):
    """When a row was last saved by PostgreSQL's clock, whatever the clock of the machine that saved it says."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Combinable:
        return ClockTimestamp()


def seconds_from_now(seconds: float) -> Combinable:
    """Return the database's time that many seconds ahead, as an expression."""
    return ClockTimestamp() + models.Value(timedelta(seconds=seconds), models.DurationField())
