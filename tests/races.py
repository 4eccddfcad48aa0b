"""Acts of several people at the same moment, each on a connection of its own."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from core.errors import RuleBroken

#: Seconds until everybody stands ready: that a machine is busy says nothing about the product.
READY = 300


def at_once(
    acts: Sequence[Callable[[], Any]], dice: random.Random, longest_pause: float = 0.03
) -> list[str]:
    """Run them in threads of their own, each after its own short pause; what each came to."""
    pauses = [dice.choice((0, 0, dice.uniform(0, longest_pause))) for _act in acts]
    ready, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            ready.wait(READY)
            time.sleep(pauses[number])
            acts[number]()
            outcomes[number] = "done"
        except RuleBroken as broken:
            outcomes[number] = broken.code
        except Exception as error:
            outcomes[number] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(READY + 60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes


def left_behind() -> int:
    """Locks somebody waits for, and transactions that nobody finished; in this database only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
            " and (wait_event_type = 'Lock' or state like 'idle in transaction%')"
        )
        return int(cursor.fetchone()[0])
