"""A throw-away cluster of the system's PostgreSQL 15, and PgBouncer in transaction mode in front of it."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

from sutg.local import databases
from sutg.local.credentials import Credentials
from sutg.local.errors import LocalError
from sutg.local.external.service import Service, accepts, find_program
from sutg.local.parts import tail
from sutg.tenancy.roles import LOGIN_APP, LOGIN_OWNER

_BIN = "/usr/lib/postgresql/15/bin"
_POOL = 8


class Postgresql15(Service):
    """The oldest version that is supported."""

    def __init__(self, scratch: Path, credentials: Credentials) -> None:
        self.program = find_program("postgresql-15", f"{_BIN}/postgres")
        super().__init__("postgresql15", scratch, "postgres")
        self.credentials = credentials

    def launch(self) -> None:
        """Make the cluster, start it, and create roles and database."""
        data = self.folder / "data"
        password = self.write("password", self.credentials.superuser_password + "\n")
        initdb = [f"{_BIN}/initdb", f"--pgdata={data}", "--username=postgres", f"--pwfile={password}"]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        if self.popen([*initdb, *options]).wait():
            msg = f"PostgreSQL 15 could not be set up:\n{tail(self.log, 20)}"
            raise LocalError(msg)
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "timezone": "UTC",
            # Thrown away afterwards, so nothing needs to outlive a power cut.
            "fsync": "off",
        }
        command = [self.program, "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
        self.start(command, lambda: "ready" in _status(data))
        databases.set_up(self.credentials, self.port, self.folder.parent / "roles")

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop at once, whoever is connected."""
        super().stop(number)


class Pgbouncer(Service):
    """Hands a server connection to a client for one transaction at a time, so nothing may outlive one."""

    def __init__(self, scratch: Path, database: Postgresql15) -> None:
        self.program = find_program("pgbouncer", "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer")
        super().__init__("pgbouncer", scratch, "postgres")
        self.database = database

    def launch(self) -> None:
        """Write the configuration and start."""
        credentials = self.database.credentials
        logins = {LOGIN_APP: credentials.app_password, LOGIN_OWNER: credentials.owner_password}
        users = self.write("users.txt", "".join(f'"{login}" "{word}"\n' for login, word in logins.items()))
        settings = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": str(users),
            "pool_mode": "transaction",
            "default_pool_size": str(_POOL),
            "max_client_conn": "500",
            "ignore_startup_parameters": "extra_float_digits,options",
            # So that a test database can be dropped soon after its last use.
            "server_idle_timeout": "2",
        }
        if self.keeps_prepared_statements:
            settings["max_prepared_statements"] = "200"
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        address = f"* = host=127.0.0.1 port={self.database.port}"
        configuration = self.write("pgbouncer.ini", f"[databases]\n{address}\n\n[pgbouncer]\n{lines}")
        self.start([self.program, str(configuration)], lambda: accepts(self.port))

    @property
    def keeps_prepared_statements(self) -> bool:
        """Whether a statement prepared in one transaction is known to the next; older versions lose it."""
        return self._version() >= (1, 21)

    def _version(self) -> tuple[int, ...]:
        said = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.search(r"(\d+)\.(\d+)", said)
        return tuple(int(part) for part in found.groups()) if found else ()


def _status(data: Path) -> str:
    try:
        return (data / "postmaster.pid").read_text(encoding="ascii").splitlines()[-1]
    except (OSError, IndexError):
        return ""
