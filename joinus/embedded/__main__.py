"""`python -m joinus.embedded start|stop|status|urls [local|test]`"""

import argparse

from joinus import embedded
from joinus.embedded.place import KINDS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m joinus.embedded")
    parser.add_argument("verb", choices=["start", "stop", "status", "urls"])
    parser.add_argument("kind", nargs="?", choices=KINDS, default="local")
    asked = parser.parse_args()
    if asked.verb == "start":
        embedded.start(asked.kind)
    elif asked.verb == "stop":
        print("stopped" if embedded.stop(asked.kind) else "nothing was running")
        return
    elif asked.verb == "status":
        print("running" if embedded.is_running(asked.kind) else "not running")
        return
    found = embedded.endpoints(asked.kind)
    print(f"DATABASE_URL={found.database_url}\nREDIS_URL={found.redis_url}")


if __name__ == "__main__":
    main()
