"""The statements the engine runs most, written out: building them anew costs more than running them.

Measured on five empty steps: the ORM's compiler took half of a step's time in Python.
"""

from apps.shared.statements import Statement

KEY_IS_KNOWN = Statement(
    "run_key_is_known",
    """
SELECT 1 FROM orchestration_workflowrun WHERE idempotency_key = %(key)s::text
UNION ALL SELECT 1 FROM orchestration_archivedrun WHERE idempotency_key = %(key)s::text LIMIT 1""",
)
"""A run of this key, in the tables or archived."""

CLAIM = Statement(
    "run_claim",
    """
SELECT {columns}, updated_at < clock_timestamp() - %(silence)s::interval FROM orchestration_workflowrun
WHERE id = %(run_id)s::uuid AND position = %(position)s::int AND state IN ('PENDING', 'RUNNING', 'WAITING')
  AND (lease_until IS NULL OR lease_until < clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM orchestration_controlflag WHERE is_on AND name IN ('PAUSE', 'KILL'))
FOR UPDATE SKIP LOCKED""",
)
"""A run that stands at a position, that nobody holds, and that no switch keeps back."""

RECLAIM = Statement(
    "run_reclaim",
    """
SELECT {columns}, false FROM orchestration_workflowrun
WHERE id = %(run_id)s::uuid AND position = %(position)s::int AND fence = %(fence)s::bigint AND state = 'RUNNING'
FOR UPDATE""",
)
"""A run that is still ours by its fence."""

LOCK_FAILED = Statement(
    "run_lock_failed",
    """
SELECT {columns}, false FROM orchestration_workflowrun
WHERE id = %(run_id)s::uuid AND position = %(position)s::int AND (%(round)s::int IS NULL OR round = %(round)s::int)
  AND state IN ('PENDING', 'RUNNING', 'WAITING')
  AND (fence = %(fence)s::bigint
       OR %(fence)s::bigint IS NULL AND (lease_until IS NULL OR lease_until < clock_timestamp()))
FOR UPDATE""",
)
"""A run whose step failed in our hands: ours by its fence, or, of a step that took no lease, nobody's."""

CLAIM_BACK = Statement(
    "run_claim_back",
    """
SELECT {columns}, attempts > 0 OR updated_at < clock_timestamp() - %(silence)s::interval
FROM orchestration_workflowrun
WHERE id = %(run_id)s::uuid AND state = 'COMPENSATING'
  AND (fence = %(fence)s::bigint OR lease_until IS NULL OR lease_until < clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM orchestration_controlflag WHERE is_on AND name = 'KILL')
FOR UPDATE SKIP LOCKED""",
)
"""A run that is being taken back and does not rest, or that is ours by its fence."""

HOLD_BACK = Statement(
    "run_hold_back",
    """
SELECT 1 FROM orchestration_workflowrun
WHERE id = %(run_id)s::uuid AND state = 'COMPENSATING' AND fence = %(fence)s::bigint AND attempts = 0
  AND updated_at >= clock_timestamp() - %(silence)s::interval AND lease_until IS NULL
  AND NOT EXISTS (SELECT 1 FROM orchestration_controlflag WHERE is_on AND name = 'KILL')
FOR UPDATE SKIP LOCKED""",
)
"""The same a moment after we held it: as we know it still, and heard of since."""

STEPS = Statement(
    "run_steps",
    """
SELECT id, run_id, position, round, name, state, attempts, irreversible FROM orchestration_steprun
WHERE run_id = %(run_id)s::uuid""",
)
"""What taking a run back must know of its steps."""

RECORD = Statement(
    "run_record",
    """
WITH taken AS (
  INSERT INTO orchestration_steprun
    (id, created_at, updated_at, run_id, position, round, name, state, attempts, outcome, error, trace,
     started_at, finished_at)
  VALUES (%(step_run_id)s::uuid, now(), now(), %(run_id)s::uuid, %(step_position)s::int, %(step_round)s::int,
     %(name)s::text, %(step_state)s::text, %(step_attempts)s::int, %(outcome)s::jsonb, %(step_error)s::text,
     %(trace)s::text, %(step_started_at)s::timestamptz, %(step_finished_at)s::timestamptz)
  ON CONFLICT (run_id, position, round) DO UPDATE SET (updated_at, name, state, attempts, outcome, error,
     trace, started_at, finished_at) = (now(), EXCLUDED.name, EXCLUDED.state, EXCLUDED.attempts, EXCLUDED.outcome,
     EXCLUDED.error, EXCLUDED.trace, EXCLUDED.started_at, EXCLUDED.finished_at)
     WHERE orchestration_steprun.state IN ('PENDING', 'RUNNING')
  RETURNING run_id)
UPDATE orchestration_workflowrun SET
  state = %(state)s::text, position = %(position)s::int, round = %(round)s::int, instruction = %(instruction)s::text,
  attempts = 0, deaths = 0, retried = 0, parked = '',
  waiting_for = %(waiting_for)s::text[], waiting_on = %(waiting_on)s::uuid, wait_until = NULL,
  lease_owner = '', lease_until = NULL, error = %(error)s::text,
  wake_at = clock_timestamp() + %(wakes_after)s::interval, started_at = %(started_at)s::timestamptz,
  finished_at = %(finished_at)s::timestamptz, updated_at = clock_timestamp()
FROM taken WHERE orchestration_workflowrun.id = taken.run_id""",
)
"""A step's record and its run's new place, in one; nothing when the step was taken already. Lock and lease see to that:
this is the second guard, should one of them ever fail."""

RECORD_BACK = Statement(
    "run_record_back",
    """
WITH back AS (
  UPDATE orchestration_steprun SET state = 'COMPENSATED', compensated_at = clock_timestamp(),
    irreversible = %(irreversible)s::jsonb, error = '', trace = '', updated_at = clock_timestamp()
  WHERE id = %(step_run_id)s::uuid AND state = 'SUCCEEDED' RETURNING run_id)
UPDATE orchestration_workflowrun SET attempts = 0, deaths = 0, lease_owner = '', lease_until = NULL, parked = '',
  wake_at = clock_timestamp() + %(wakes_after)s::interval, updated_at = clock_timestamp()
FROM back WHERE orchestration_workflowrun.id = back.run_id""",
)
"""The same on the way back; nothing when the step was taken back already. One clock for all, or their order could not
be told."""

END_BACK = Statement(
    "run_end_back",
    """
UPDATE orchestration_workflowrun SET state = %(state)s::text, attempts = 0, deaths = 0, retried = 0, parked = '',
  lease_owner = '', lease_until = NULL, waiting_for = NULL, waiting_on = NULL, wait_until = NULL, wake_at = NULL,
  finished_at = %(finished_at)s::timestamptz, updated_at = clock_timestamp()
WHERE id = %(run_id)s::uuid""",
)
"""The end of a run that was taken back."""
