"""``python -m sutg.local.external --postgres15 --pgbouncer --rabbitmq -- COMMAND``: run a command against them.

The command finds DATABASE_URL (through PgBouncer if asked for), OWNER_DATABASE_URL and SUPERUSER_DATABASE_URL (always
direct) and CELERY_BROKER_URL in its environment. Its exit code is passed on; 77 when a server is not installed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sutg.local import databases
from sutg.local import environment as environments
from sutg.local.credentials import Credentials
from sutg.local.errors import LocalError
from sutg.local.external.postgresql import Pgbouncer, Postgresql15
from sutg.local.external.rabbitmq import Rabbitmq
from sutg.local.external.service import Missing
from sutg.tenancy.roles import LOGIN_APP

NOT_INSTALLED = 77


def main(arguments: list[str]) -> int:
    """Start what was asked for, run the command, stop everything whatever happened."""
    parser = argparse.ArgumentParser(prog="python -m sutg.local.external")
    for option in ("--postgres15", "--pgbouncer", "--rabbitmq"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args(arguments)
    # A request to end becomes an exception, so that the servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        with ExitStack() as stack:
            environment = start_servers(asked, stack)
            return subprocess.run(asked.command, env=environment, check=False).returncode
    except Missing as error:
        print(error, file=sys.stderr)
        return NOT_INSTALLED
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1


def start_servers(asked: argparse.Namespace, stack: ExitStack) -> dict[str, str]:
    """Start the servers and return the environment that points at them; the stack stops them."""
    scratch = Path(tempfile.mkdtemp(prefix="sutg-external-"))
    scratch.chmod(0o711)
    stack.callback(shutil.rmtree, scratch, ignore_errors=True)
    found: dict[str, str] = {}
    if asked.postgres15 or asked.pgbouncer:
        found |= start_database(scratch, stack, with_pooler=asked.pgbouncer)
    if asked.rabbitmq:
        broker = Rabbitmq(scratch)
        stack.callback(broker.close)
        broker.launch()
        found["CELERY_BROKER_URL"] = broker.address
    os.environ.update({"SUTG_ENV": "test"} | found)
    return {**os.environ, **environments.ensure()}


def start_database(scratch: Path, stack: ExitStack, *, with_pooler: bool) -> dict[str, str]:
    """Start PostgreSQL 15, and PgBouncer in front of the application's login when asked for."""
    credentials = Credentials.generate()
    database = Postgresql15(scratch, credentials)
    stack.callback(database.stop)
    database.launch()
    found = databases.addresses(credentials, database.port)
    found["SUPERUSER_DATABASE_URL"] = databases.superuser_address(credentials, database.port)
    if with_pooler:
        pooler = Pgbouncer(scratch, database)
        stack.callback(pooler.stop)
        pooler.launch()
        found["DATABASE_URL"] = databases.address(LOGIN_APP, credentials.app_password, pooler.port)
        found["DATABASE_PREPARED_STATEMENTS"] = "on" if pooler.keeps_prepared_statements else "off"
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
