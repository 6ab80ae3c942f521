"""Compare the committed API description with what the code says. Run as ``python -m`` by ``make check``."""

from __future__ import annotations

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

API_DESCRIPTION = Path("docs/openapi.yaml")


def main() -> int:
    """Exit code 1 and the first differing lines when they differ, or when generating gives a warning."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch, "openapi.yaml")
        generate = ["manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)]
        code = subprocess.run([sys.executable, *generate], check=False).returncode
        if code:
            return code
        generated = fresh.read_text(encoding="utf-8").splitlines(keepends=True)
    committed = API_DESCRIPTION.read_text(encoding="utf-8") if API_DESCRIPTION.exists() else ""
    lines = difflib.unified_diff(committed.splitlines(keepends=True), generated, "committed", "generated")
    difference = "".join(list(lines)[:60])
    if difference:
        print(f"{difference}\n{API_DESCRIPTION} is not what the code says: make fix writes it anew.")
    return int(bool(difference))


if __name__ == "__main__":
    sys.exit(main())
