"""`make stop`: end the demo and the embedded servers of this checkout, from anywhere."""

import contextlib
import os
import signal

from joinus import embedded
from joinus.demo import running
from joinus.embedded.place import kinds

PATIENCE = 30  # seconds


def main() -> None:
    stopped = []
    if not running.wait_until_free(0):
        found = running.facts()
        with contextlib.suppress(ProcessLookupError):
            os.kill(found["pid"], signal.SIGTERM)
        if not running.wait_until_free(PATIENCE):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(found["group"], signal.SIGKILL)
        stopped.append("the demo")
    stopped += [f"the {kind} servers" for kind in kinds() if embedded.stop(kind)]
    print(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing was running.")


if __name__ == "__main__":
    main()
