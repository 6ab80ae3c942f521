"""Load a return of 100,000 visits as a worker does: time and memory of the check and of the load.

    make bench ARGS=load_return

Runs in a database of its own on the server of OWNER_DATABASE_URL, with the durability that server has; prints both.
Asked: 60 s for the load in bounded memory.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROWS = 100_000
ASKED_SECONDS = 60
CAFES = [f"Café {number}" for number in range(1, 9)]
HEADINGS = [
    "Café",
    "Date",
    "Arrival time",
    "Visitor ref",
    "New or returning",
    "Age band",
    "Gender",
    "Ethnicity",
    "Reasons",
    "Support given",
    "Onward referral",
    "Would otherwise have gone to",
    "Distress on arrival",
    "Distress on leaving",
    "Postcode district",
]
REASONS = ["Stress", "Anxiety", "Depression", "Isolation", "Bereavement", "Money or debt", "Housing"]


def write_workbook(path: Path, seed: int) -> None:
    """A workbook as a large provider would send it: 15 columns, eight cafés, two visits of three with a reference."""
    from openpyxl import Workbook

    chance = random.Random(seed)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Visits")
    sheet.append(HEADINGS)
    for number in range(ROWS):
        sheet.append(
            [
                chance.choice(CAFES),
                date(2024, 4, 1) + timedelta(days=chance.randrange(91)),
                f"{chance.randrange(9, 22):02}:{chance.randrange(60):02}",
                f"R{chance.randrange(30_000):05}" if number % 3 else None,
                chance.choice(["New", "Returning"]),
                chance.choice(["18-24", "25-34", "35-44", "45-54", "55-64"]),
                chance.choice(["Female", "Male", "Non-binary"]),
                chance.choice(["White British", "Pakistani", "Black African", "Indian", "Any other ethnic group"]),
                "; ".join(chance.sample(REASONS, chance.randrange(1, 4))),
                "1:1 listening",
                None,
                "GP",
                chance.randrange(11),
                chance.randrange(11),
                f"LE{chance.randrange(1, 20)}",
            ]
        )
    book.save(path)


def load(path: Path) -> None:
    """In a process of its own: hand in, check, confirm, load; print seconds and peak memory of each step."""
    import django

    django.setup()
    from django.db import connection

    from cafes.models import ReturnFile
    from cafes.services.return_files import confirm_return, receive_return
    from cafes.services.return_work import work_on
    from sutg.common.periods import Period
    from sutg.tenancy import scope as scopes
    from sutg.tenancy.scope import Actor, Scope
    from tests.factories import make_cafe, make_provider

    by = Actor.job("benchmark")
    provider = make_provider(name="Benchmark")
    for name in CAFES:
        make_cafe(provider=provider, name=name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT version(), current_setting('fsync'), current_setting('synchronous_commit')")
        version, fsync, commit = cursor.fetchone()
    print(f"{version.split(' on ')[0]}, fsync {fsync}, synchronous_commit {commit}")
    print(f"{ROWS:,} rows, {path.stat().st_size / 1e6:.1f} MB")
    print(f"at start: {_peak():.0f} MB")
    with scopes.enter(Scope.provider(by, provider.id)):
        file = receive_return(
            provider_id=provider.id,
            period=Period.parse("2024-Q1"),
            filename=path.name,
            content=path.read_bytes(),
            by=by,
        )
        for state in (ReturnFile.State.CHECKING, ReturnFile.State.LOADING):
            begun = time.perf_counter()
            done = work_on(return_file_id=file.id, state=state, by=by)
            seconds = time.perf_counter() - begun
            assert done is not None, "somebody else took the file"
            print(f"{state.label}: {seconds:.1f} s, {done.get_state_display()}, peak {_peak():.0f} MB")
            if state == ReturnFile.State.CHECKING:
                confirm_return(return_file_id=file.id, by=by)
    print(f"asked: {ASKED_SECONDS} s; measured: {seconds:.1f} s")
    sys.exit(seconds > ASKED_SECONDS)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    from tests.support.site import ROOT, database

    with tempfile.TemporaryDirectory() as folder, database("sutg_benchmark_load") as urls:
        path = Path(folder) / "return.xlsx"
        write_workbook(path, seed=int(os.environ.get("SEED", "1")))
        environment = {**os.environ, **urls, "SUTG_ENV": "test", "DJANGO_SETTINGS_MODULE": "sutg.settings"}
        migrate = [sys.executable, "-m", "django", "migrate", "--database", "owner", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        child = [sys.executable, "-m", "benchmarks.load_return", str(path)]
        return subprocess.run(child, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) > 1:
        load(Path(sys.argv[1]))
    else:
        sys.exit(main())
