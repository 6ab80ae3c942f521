"""Where things lie: the clone, and the state folder that holds everything a run leaves behind."""

from __future__ import annotations

import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path

from sutg.local.errors import LocalError, explain

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class State:
    """The state folder: ``.local`` in the clone, or SUTG_STATE_DIR. Private to its user, never committed."""

    root: Path

    @property
    def logs(self) -> Path:
        """One file for each part, so that a part's last words are found without a filter."""
        return self.root / "logs"

    @property
    def stamps(self) -> Path:
        """What each set-up step was last done for."""
        return self.root / "stamps"

    @property
    def credentials(self) -> Path:
        """Random passwords and keys, readable by this user only."""
        return self.root / "credentials.json"

    @property
    def failure(self) -> Path:
        """The keeper's reason when it cannot start the server."""
        return self.root / "server-failure.txt"

    def lock(self, name: str) -> Path:
        """Path of a lock file: ``setup``, ``users``, ``keeper`` or ``run``."""
        return self.root / f"{name}.lock"

    def identity(self) -> str:
        """A random name of this state folder, made on first use; server files outside the clone are kept under it."""
        path = self.root / "id"
        if not path.exists():
            path.write_text(secrets.token_hex(8) + "\n", encoding="ascii")
        return path.read_text(encoding="ascii").strip()

    def has_identity(self, identity: str) -> bool:
        """Whether this state folder exists under that name."""
        path = self.root / "id"
        return path.exists() and path.read_text(encoding="ascii").strip() == identity


def current_state() -> State:
    """Return the state folder in use, made if need be."""
    return prepare_state(Path(os.environ.get("SUTG_STATE_DIR") or REPOSITORY / ".local").absolute())


def prepare_state(root: Path) -> State:
    """Make the state folder and its subfolders. LocalError when another user owns it."""
    state = State(root)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = root.stat().st_uid
        if owner != os.geteuid():
            name = _user_name(owner)
            msg = f"{root} belongs to the user {name}: run as {name}, or set SUTG_STATE_DIR to a folder of your own."
            raise LocalError(msg)
        for folder in (state.logs, state.stamps):
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise explain(error) or error from error
    return state


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"
