"""First step of every make target: find a Python that is new enough, and go on with it.

Run by whatever ``python3`` the machine has, so it keeps to syntax and modules that old ones know too.
"""

import os
import subprocess
import sys

LOWEST = (3, 11)
NEWEST_TRIED = 19
PROBE = "import sys, venv; print(sys.version_info >= (3, 11)); import ensurepip"


def answers(python: str) -> str:
    """Say how an interpreter answers: ``good``, ``no venv``, or an empty string when it is absent or too old."""
    try:
        process = subprocess.Popen([python, "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError:
        return ""
    output = process.communicate()[0]
    if not output.startswith(b"True"):
        return ""
    return "good" if process.returncode == 0 else "no venv"


def find_python() -> str:
    """Return an interpreter to build the virtual environment with; ends the program with a sentence if none is."""
    given = os.environ.get("PYTHON")
    newest_first = ["python3.{}".format(minor) for minor in range(NEWEST_TRIED, LOWEST[1] - 1, -1)]  # noqa: UP032
    # The machine's own choice first: it is what its user expects, and what the lock was most likely tried with.
    candidates = [given] if given else [sys.executable, "python3"] + newest_first  # noqa: RUF005
    verdicts = [(candidate, answers(candidate)) for candidate in candidates if not given or candidate == given]
    for candidate, verdict in verdicts:
        if verdict == "good":
            return candidate
    for candidate, verdict in verdicts:
        if verdict == "no venv":
            sys.exit(candidate + " cannot make virtual environments: install python3-venv (apt install python3-venv).")
    found = given if given else ".".join(str(part) for part in sys.version_info[:3])
    sys.exit("Python 3.11 or newer is needed and " + found + " is not: install one, or name it with PYTHON=...")


def main() -> None:
    """Hand over to ``prepare.py`` under a Python that is new enough."""
    here = os.path.dirname(os.path.abspath(__file__))
    python = find_python()
    os.execvp(python, [python, "-I", os.path.join(here, "prepare.py")] + sys.argv[1:])  # noqa: RUF005, S606


if __name__ == "__main__":
    main()
