#!/usr/bin/env python
"""Django's command line; settings default to development on the embedded servers."""

import os
import sys

ON_EMBEDDED_SERVERS = ("joinus.settings.development", "joinus.settings.demo")


def main() -> None:
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinus.settings.development")
    if settings in ON_EMBEDDED_SERVERS and not os.environ.get("DATABASE_URL"):
        from joinus import embedded

        embedded.hold("local")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
