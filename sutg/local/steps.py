"""Set-up steps that need Django: migrations and demo data. Each is skipped while nothing it depends on has changed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg

from sutg.local.errors import DISK_FULL, LocalError
from sutg.local.parts import spawn, tail
from sutg.local.paths import REPOSITORY, State
from sutg.local.prepare import digest, is_stamped

MIGRATIONS = ("*/migrations/*.py", "sutg/*/migrations/*.py", "requirements/base.txt", "sutg/tenancy/*.py")
DEMO = ("sutg/demo/**/*", "*/facts/**/*", "*/data/**/*")
DEMO_COMMAND = "setup_demo"
PERSONAS_COMMAND = "demo_personas"


def migrate(state: State, environment: dict[str, str]) -> bool:
    """Bring the tables up to date as their owner. True when there was something to do."""
    owner = environment.get("OWNER_DATABASE_URL")
    if not owner:
        print("OWNER_DATABASE_URL is not set: migrations of this database are left to you.", flush=True)
        return False
    stamp = state.stamps / "migrations"
    files = digest(_files(MIGRATIONS), owner)
    if is_stamped(stamp, f"{files} {_applied(owner)}"):
        return False
    print("Preparing the tables …", flush=True)
    _manage(state, environment, "migrate", "--database", "owner", "--no-input")
    stamp.write_text(f"{files} {_applied(owner)}", encoding="ascii")
    return True


def set_up_demo(state: State, environment: dict[str, str], *, force: bool = False) -> None:
    """Load the demo organisations, people and returns, in demo only."""
    if environment["SUTG_ENV"] != "demo" or not _has_command(DEMO_COMMAND):
        return
    stamp = state.stamps / "demo"
    wanted = digest(_files(DEMO), environment["DATABASE_URL"].rpartition("@")[2])
    if is_stamped(stamp, wanted) and not force:
        return
    print("Loading the demo data (about a minute the first time) …", flush=True)
    (state.stamps / "personas").unlink(missing_ok=True)
    _manage(state, environment, DEMO_COMMAND)
    stamp.write_text(wanted, encoding="ascii")


def personas(state: State, environment: dict[str, str]) -> str:
    """Return the list of demo personas to sign in as; kept from the last set-up, because asking takes a second."""
    if environment["SUTG_ENV"] != "demo" or not _has_command(PERSONAS_COMMAND):
        return ""
    kept = state.stamps / "personas"
    if not kept.exists():
        log = state.logs / "personas.log"
        log.unlink(missing_ok=True)
        _manage(state, environment, PERSONAS_COMMAND, log=log)
        log.rename(kept)
    return kept.read_text(encoding="utf-8").rstrip()


def _manage(state: State, environment: dict[str, str], *arguments: str, log: Path | None = None) -> None:
    log = log or state.logs / "setup.log"
    with log.open("ab") as output:
        process = spawn([sys.executable, "manage.py", *arguments], environment, output)
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        said = tail(log, 15)
        print(said, file=sys.stderr)
        if "No space left on device" in said:
            raise LocalError(DISK_FULL)
        msg = f"manage.py {arguments[0]} failed; the lines above and {log} say why."
        raise LocalError(msg)


def _applied(address: str) -> str:
    """What the database says has been applied: a restored or emptied database does not match an old stamp."""
    query = "SELECT count(*), coalesce(max(id), 0) FROM django_migrations"
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.errors.UndefinedTable:
        return "none"
    except psycopg.OperationalError as error:
        first_line = (str(error).strip().splitlines() or ["no reason given"])[0]
        msg = f"The database at {address.rpartition('@')[2]} cannot be reached: {first_line}"
        raise LocalError(msg) from error
    return "-".join(str(value) for value in row or ())


def _files(patterns: Iterable[str]) -> list[Path]:
    found = {path for pattern in patterns for path in REPOSITORY.glob(pattern)}
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def _has_command(name: str) -> bool:
    pattern = f"management/commands/{name}.py"
    return any(True for place in (f"*/{pattern}", f"sutg/*/{pattern}") for _ in REPOSITORY.glob(place))
