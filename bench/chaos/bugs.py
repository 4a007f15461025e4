"""Seeded bugs: what the harness must notice. Loaded into workers by the harness's own settings, and nowhere else.

Each takes one guard out of the engine. Two correct guards hide each other's absence, so they are also taken out
together: names are joined by `+`.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

CONSTRAINTS = {"no_unique": ("ALTER TABLE probe_caserow DROP CONSTRAINT case_row_once",)}
"""Bugs of the tables, not of the code: SQL run on the trial's database."""


def alterations(names: str) -> tuple[str, ...]:
    """Return the SQL that gives a trial's database its share of the bugs."""
    return tuple(sql for name in names.split("+") for sql in CONSTRAINTS.get(name, ()))


def load(names: str) -> None:
    """Break the engine of this process in the ways named. Raises KeyError for a bug that does not exist."""
    for name in filter(None, names.split("+")):
        if name not in CONSTRAINTS:
            BUGS[name]()


def no_sweeper() -> None:
    """Nobody takes up what lost its message."""
    from apps.orchestration import tasks
    from apps.orchestration.services import sweep

    if tasks.sweep is not sweep.sweep:
        raise RuntimeError("workers sweep in another way now; mend the seeded bug")
    sweep.sweep = tasks.sweep = lambda **options: 0


def swallowed_undo() -> None:
    """A compensation that fails is taken for done."""
    from apps.orchestration.services import compensate

    call = compensate._call_compensation

    def swallow(*arguments: Any) -> tuple:
        try:
            return call(*arguments)
        except RuntimeError:
            return ()

    compensate._call_compensation = swallow


def wrong_order() -> None:
    """Steps are taken back first to last."""
    from apps.orchestration.services import compensate

    in_order = compensate.in_order
    compensate.in_order = lambda *arguments: in_order(*arguments)[::-1]


def split_commit() -> None:
    """A step's rows are committed before the run's progress is."""
    from apps.orchestration.services import advance

    take = advance._take

    def take_apart(attempt: Any, **prepared: Any) -> Any:
        port = attempt.spec.port
        attempt.spec = replace(attempt.spec, port=lambda **needs: _in_another_session(lambda: port(**needs)))
        return take(attempt, **prepared)

    advance._take = take_apart


def _in_another_session(work: Callable[[], Any]) -> Any:
    from django.db import connection, transaction

    results: list[Any] = []

    def run() -> None:
        try:
            with transaction.atomic():
                results.append(work())
        except Exception as error:  # noqa: BLE001  (raised again in the thread that asked)
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


def no_fence() -> None:
    """Whoever prepared may write, whether or not somebody else holds the lease by now."""
    _rewrite("RECLAIM", "fence = %(fence)s::bigint", "(fence = %(fence)s::bigint OR true)")


def _rewrite(statement: str, old: str, new: str) -> None:
    """Change one of the engine's statements. Raises RuntimeError when it has become another one."""
    from apps.orchestration.models import runs

    sound = getattr(runs, statement)
    if old not in sound.sql:
        raise RuntimeError(f"{statement} does not say {old!r} any more; mend the seeded bug")
    setattr(runs, statement, replace(sound, sql=sound.sql.replace(old, new)))


def no_lease_check() -> None:
    """A run is claimed although somebody holds a lease on it."""
    _rewrite("CLAIM", "(lease_until IS NULL OR lease_until < clock_timestamp())", "true")


def no_position_check() -> None:
    """A stale message is taken for one of the present position."""
    _rewrite("CLAIM", "position = %(position)s::int", "(position = %(position)s::int OR true)")


def no_row_lock() -> None:
    """A run is read, not locked, before its step is taken."""
    _rewrite("CLAIM", "FOR UPDATE SKIP LOCKED", "")


def no_compensation_lock() -> None:
    """A run is read, not locked, before its step is taken back."""
    _rewrite("CLAIM_BACK", "FOR UPDATE SKIP LOCKED", "")


def expiring_messages() -> None:
    """Messages carry a deadline by their sender's clock."""
    from apps.orchestration.services import dispatch

    wake = dispatch._wake
    dispatch._wake = lambda *arguments: wake(*arguments).set(expires=60)


def receipt_ignored() -> None:
    """A reaction is called again although its receipt says that it is done."""
    from apps.orchestration.models import EventReceipt
    from apps.orchestration.services import outbox

    locked_receipt = outbox._locked_receipt

    def forget(*arguments: Any) -> EventReceipt:
        receipt = locked_receipt(*arguments)
        receipt.__dict__["state"] = EventReceipt.State.RETRYING
        return receipt

    outbox._locked_receipt = forget


def kill_flag_ignored() -> None:
    """The kill flag is switched, and nobody looks."""
    from apps.orchestration.services import control

    for statement in ("CLAIM", "CLAIM_BACK"):
        _rewrite(statement, "WHERE is_on AND", "WHERE false AND")
    control.is_killed = lambda: False
    control.flags_on = set


def no_heartbeat() -> None:
    """Nobody extends the lease of a step that takes longer than it."""
    from apps.orchestration.services import lease

    lease._extend = lambda *arguments: None


def deaths_uncounted() -> None:
    """A step of rows that kills its worker is begun again as if for the first time."""
    from apps.orchestration.services import advance

    advance._Attempt.needs_lease = property(lambda attempt: attempt.spec.prepare is not None)


def any_version() -> None:
    """A run of another version goes on under the newest one that this release knows."""
    from apps.orchestration.services import declarations, sweep
    from apps.orchestration.workflows import get_workflow

    if declarations.declared is not sweep.declared:
        raise RuntimeError("declarations are looked up in two ways now; mend the seeded bug")
    declarations.declared = sweep.declared = lambda run: get_workflow(run.workflow)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        no_sweeper,
        swallowed_undo,
        wrong_order,
        split_commit,
        no_fence,
        no_lease_check,
        no_position_check,
        no_row_lock,
        no_compensation_lock,
        expiring_messages,
        receipt_ignored,
        kill_flag_ignored,
        no_heartbeat,
        deaths_uncounted,
        any_version,
    )
}
