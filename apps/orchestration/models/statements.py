"""The statements the engine runs most, written out: building them anew costs more than running them.

Measured on five empty steps: the ORM's compiler took half of a step's time in Python.
"""

CLAIM = """
SELECT {columns}, updated_at < clock_timestamp() - %s FROM orchestration_workflowrun
WHERE id = %s AND position = %s AND state IN ('PENDING', 'RUNNING', 'WAITING')
  AND (lease_until IS NULL OR lease_until < clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM orchestration_controlflag WHERE is_on AND name IN ('PAUSE', 'KILL'))
FOR UPDATE SKIP LOCKED"""
"""A run that stands at a position, that nobody holds, and that no switch keeps back."""

RECLAIM = """
SELECT {columns}, false FROM orchestration_workflowrun
WHERE id = %s AND position = %s AND fence = %s AND state = 'RUNNING' FOR UPDATE"""
"""A run that is still ours by its fence."""

LOCK_FAILED = """
SELECT {columns}, false FROM orchestration_workflowrun
WHERE id = %s AND position = %s AND (%s::int IS NULL OR round = %s) AND state IN ('PENDING', 'RUNNING', 'WAITING')
  AND (fence = %s OR %s AND (lease_until IS NULL OR lease_until < clock_timestamp())) FOR UPDATE"""
"""A run whose step failed in our hands: ours by its fence, or, of a step that took no lease, nobody's."""

CLAIM_BACK = """
SELECT {columns}, attempts > 0 OR updated_at < clock_timestamp() - %s FROM orchestration_workflowrun
WHERE id = %s AND state = 'COMPENSATING' AND (fence = %s OR lease_until IS NULL OR lease_until < clock_timestamp())
  AND NOT EXISTS (SELECT 1 FROM orchestration_controlflag WHERE is_on AND name = 'KILL')
FOR UPDATE SKIP LOCKED"""
"""A run that is being taken back and does not rest, or that is ours by its fence."""

RECORD = """
WITH taken AS (
  INSERT INTO orchestration_steprun
    (id, created_at, updated_at, run_id, position, round, name, state, attempts, outcome, error, trace,
     started_at, finished_at)
  VALUES (%(id)s, now(), now(), %(run_id)s, %(step_position)s, %(step_round)s, %(name)s, %(step_state)s,
     %(step_attempts)s, %(outcome)s, '', '', %(step_started_at)s, %(step_finished_at)s)
  ON CONFLICT (run_id, position, round) DO UPDATE SET (updated_at, name, state, attempts, outcome, error,
     trace, started_at, finished_at) = (now(), EXCLUDED.name, EXCLUDED.state, EXCLUDED.attempts, EXCLUDED.outcome, '',
     '', EXCLUDED.started_at, EXCLUDED.finished_at)
     WHERE orchestration_steprun.state IN ('PENDING', 'RUNNING')
  RETURNING run_id)
UPDATE orchestration_workflowrun SET
  state = %(state)s, position = %(position)s, round = %(round)s, instruction = %(instruction)s, attempts = 0,
  retried = 0, parked = '', waiting_for = %(waiting_for)s, waiting_on = %(waiting_on)s, wait_until = NULL,
  lease_owner = '', lease_until = NULL, wake_at = clock_timestamp() + %(wakes_after)s, started_at = %(started_at)s,
  finished_at = %(finished_at)s, updated_at = clock_timestamp()
FROM taken WHERE orchestration_workflowrun.id = taken.run_id"""
"""A step's record and its run's new place, in one; nothing when the step was taken already. Lock and lease see to that:
this is the second guard, should one of them ever fail."""

RECORD_BACK = """
WITH back AS (
  UPDATE orchestration_steprun SET state = 'COMPENSATED', compensated_at = clock_timestamp(), irreversible = %s,
    error = '', trace = '', updated_at = clock_timestamp()
  WHERE id = %s AND state = 'SUCCEEDED' RETURNING run_id)
UPDATE orchestration_workflowrun SET attempts = 0, lease_owner = '', lease_until = NULL, parked = '',
  wake_at = clock_timestamp() + %s, updated_at = clock_timestamp()
FROM back WHERE orchestration_workflowrun.id = back.run_id"""
"""The same on the way back; nothing when the step was taken back already. One clock for all, or their order could not
be told."""
