"""The engine beside everything else that writes the same rows."""

from collections.abc import Iterator

from bench.goals import Figure
from bench.peers.celery_ways import BareChain, BareChainByDefault, Engine, EngineCompensated, EnginePrepared
from bench.peers.measure import side_by_side
from bench.peers.process_ways import (
    CelerySaga,
    CelerySagaByDefault,
    DbosDirectSteps,
    DbosDirectTransactions,
    DbosSteps,
    DbosTransactions,
    DjangoOrm,
    Psycopg,
)

WAYS = (
    Engine,
    EnginePrepared,
    EngineCompensated,
    BareChainByDefault,
    BareChain,
    Psycopg,
    DjangoOrm,
    DbosTransactions,
    DbosSteps,
    DbosDirectTransactions,
    DbosDirectSteps,
    CelerySagaByDefault,
    CelerySaga,
)
ONE_AT_A_TIME = 20
THREE_TIMES_DEARER = (DbosTransactions, DbosSteps, CelerySagaByDefault, CelerySaga)
"""What the engine is to undercut: packages that hand runs from one process to another, as it does."""


def peers_figures(runs: int) -> Iterator[Figure]:
    """Measure all ways, print their table, and return the figures that have goals."""
    print(f"{runs} runs of five steps at once, two processes; then {ONE_AT_A_TIME} one at a time; all of it twice")
    measured = side_by_side(WAYS, runs, ONE_AT_A_TIME)
    print("sum: worker, PostgreSQL and Redis; starter: who asks for runs, where that is another process")
    engine = measured[Engine.name]
    yield Figure("engine, five steps", engine.cpu.run, 14, "CPU ms per run")
    yield Figure("engine, five steps", engine.runs_per_second, 70, "runs/s", at_least=True)
    yield Figure("engine, five steps, idle", engine.p50, 30, "p50 ms")
    for chain in (BareChainByDefault, BareChain):
        if chain.name in measured:
            yield Figure(f"engine ÷ {chain.name}", engine.cpu.run / measured[chain.name].cpu.run, 1, "CPU")
    for peer in THREE_TIMES_DEARER:
        if peer.name in measured:
            ratio = measured[peer.name].cpu.whole / engine.cpu.whole
            yield Figure(f"{peer.name} ÷ engine", ratio, 3, "CPU, starter included", at_least=True)
