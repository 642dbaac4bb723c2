#!/usr/bin/env python
"""Run a management command. Commands that change the schema connect as the owner of the tables."""

import os
import sys

SCHEMA_COMMANDS = {"migrate", "sqlmigrate", "sqlflush", "flush"}


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustfund.settings")
    if len(sys.argv) > 1 and sys.argv[1] in SCHEMA_COMMANDS:
        os.environ.setdefault("TRUSTFUND_CONNECT_AS", "owner")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the environment is set

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
