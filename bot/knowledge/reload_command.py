"""`qiantai knowledge reload`: ask every running server, and say what came of it in each."""

from __future__ import annotations

from collections.abc import Callable

from bot.clock import Clock
from bot.db import Database
from bot.knowledge.reloading import State, ask, living

WAIT_S, LOOK_S = 30.0, 0.5


def reload(db: Database, clock: Clock, by: str, pause: Callable[[float], object]) -> int:
    """0: every server serves what stands in knowledge/ now. `pause` waits so many seconds."""
    with db.transaction() as tx:
        wish = ask(tx, by, clock.now())
        expected = {state.process for state in living(tx, clock.now())}
    if not expected:
        print("no server is running on this database; the next start reads knowledge/ anyway")
        return 1
    states: dict[str, State] = {}
    for _ in range(int(WAIT_S / LOOK_S)):
        pause(LOOK_S)
        with db.transaction() as tx:
            states = {state.process: state for state in living(tx, clock.now())}
        if all(process in states and states[process].reload_id >= wish for process in expected):
            break
    done = [_tell(process, states.get(process), wish) for process in sorted(expected)]
    return 0 if all(done) else 1


def _tell(process: str, state: State | None, wish: int) -> bool:
    if state is None or state.reload_id < wish:
        print(f"{process}: no answer after {WAIT_S:.0f} s")
        return False
    if not state.problems:
        print(f"{process}: loaded {state.digest[:12]}")
        return True
    print(f"{process}: REFUSED, {state.digest[:12]} stays in force:")
    for problem in state.problems:
        print(f"  {problem}")
    return False
