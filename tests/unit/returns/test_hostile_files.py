"""Hostile and broken files end in a sentence, within ten seconds and 512 MB, each in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.returns.hostile import HOSTILE, ordinary

_ROOT = Path(__file__).resolve().parents[3]
_SECONDS, _MEGABYTES = 10, 512  # seconds of the processor, because other tests share it
_CHILD = """
import json, sys, time
from cafes.returns import Quarter, UnreadableReturn, check_return
cafes = ["Melton Mowbray Café", "Syston Stop-by"]
started = time.process_time()
try:
    with open(sys.argv[1], "rb") as file:
        rows = check_return(file, filename=sys.argv[2], cafes=cafes, quarter=Quarter(2024, 1)).rows
    reason = None
except UnreadableReturn as refused:
    rows, reason = None, refused.reason
seconds = time.process_time() - started
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"rows": rows, "reason": reason, "seconds": seconds, "megabytes": peak / 1024}))
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="The peak memory of a process is read from /proc, which Linux has."
)


def _read_in_a_process(path: Path, name: str) -> dict[str, object]:
    command = [sys.executable, "-c", _CHILD, str(path), name]
    finished = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return json.loads(finished.stdout)


@pytest.mark.parametrize(
    ("name", "make", "words"),
    HOSTILE,
    ids=[f"{make.__name__}-as-{name.rpartition('.')[2]}" for name, make, _ in HOSTILE],
)
def test_hostile_file_is_refused_in_time_and_memory(
    tmp_path: Path, name: str, make: Callable[[], bytes], words: str
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(make())

    outcome = _read_in_a_process(path, name)

    path.unlink()
    assert outcome["rows"] is None
    assert words in str(outcome["reason"])
    assert float(str(outcome["seconds"])) < _SECONDS
    assert float(str(outcome["megabytes"])) < _MEGABYTES


@pytest.mark.parametrize("name", ["return.xlsx", "return.csv"])
def test_file_of_200_megabytes_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / "upload"
    with path.open("wb") as file:
        file.truncate(200_000_000)

    outcome = _read_in_a_process(path, name)

    assert "200 MB" in str(outcome["reason"])
    assert float(str(outcome["seconds"])) < 1


def test_harmless_file_is_read_by_the_same_process(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(ordinary())

    outcome = _read_in_a_process(path, "return.xlsx")

    assert outcome["rows"] == 2


def test_reason_never_carries_more_than_a_short_quotation(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(ordinary())

    outcome = _read_in_a_process(path, f"{'x' * 500}.pages")

    assert len(str(outcome["reason"])) < 300
