"""A stand-in clone: the real sutg.local around the smallest Django project, in an awkward folder, as any user."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sutg.local.cluster import Cluster
from sutg.local.locks import is_held
from sutg.local.paths import REPOSITORY, State
from sutg.local.postmaster import Postmaster, find

PATIENCE = 30.0

SETTINGS = """
import os
from pathlib import Path

import dj_database_url

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "sutg.urls"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "sutg.demo"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
if os.environ.get("OWNER_DATABASE_URL"):
    DATABASES["owner"] = dj_database_url.parse(os.environ["OWNER_DATABASE_URL"])
queue = Path(os.environ["SUTG_STATE_DIR"]) / "queue"
queue.mkdir(exist_ok=True)
CELERY_BROKER_URL = os.environ["CELERY_BROKER_URL"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(queue),
    "data_folder_out": str(queue),
    "control_folder": str(queue),
}
CELERY_BEAT_SCHEDULE_FILENAME = str(queue / "schedule")
"""

URLS = """
import os

from django.db import connection
from django.http import JsonResponse
from django.urls import path


def ready(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (login,) = cursor.fetchone()
    return JsonResponse({"login": login, "has_owner": "OWNER_DATABASE_URL" in os.environ, "pid": os.getpid()})


urlpatterns = [path("readyz", ready)]
"""

COMMAND = """
import os

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def handle(self, **options):
        self.stdout.write("{text}")
        self.stdout.write("owner" if "OWNER_DATABASE_URL" in os.environ else "no owner")
"""

FILES = {
    "sutg/__init__.py": "",
    "sutg/settings.py": SETTINGS,
    "sutg/urls.py": URLS,
    "sutg/wsgi.py": """
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
""",
    "sutg/celery.py": """
from celery import Celery

app = Celery("sutg")
app.config_from_object("django.conf:settings", namespace="CELERY")
""",
    "sutg/tenancy/__init__.py": "",
    "sutg/demo/__init__.py": "",
    "sutg/demo/management/__init__.py": "",
    "sutg/demo/management/commands/__init__.py": "",
    "sutg/demo/management/commands/setup_demo.py": COMMAND.format(text="Demo data is there"),
    "sutg/demo/management/commands/demo_personas.py": COMMAND.format(text="A persona to sign in as"),
}


@dataclass
class Clone:
    """A stand-in clone and how to run things in it."""

    folder: Path
    server_root: Path
    python: str = sys.executable
    user: int | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Its state folder."""
        return State(self.folder / ".local")

    @property
    def cluster(self) -> Cluster:
        """Where its server's files are."""
        root = self.state.root / "postgres"
        if not root.exists():
            root = self.server_root / (self.state.root / "id").read_text(encoding="ascii").strip()
        return Cluster(root=root, binaries=root, user=None)

    @property
    def server(self) -> Postmaster | None:
        """Its server, if one runs."""
        return find(self.cluster)

    def environment(self) -> dict[str, str]:
        """Nothing of the suite's own database gets in."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "SUTG_SERVER_ROOT": str(self.server_root),
            "DJANGO_SETTINGS_MODULE": "sutg.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.extra,
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start Python in the clone."""
        return subprocess.Popen(
            [self.python, *arguments],
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            cwd=self.folder,
            env=self.environment() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run Python in the clone to its end; exit code and what it printed."""
        process = self.start(*arguments, **environment)
        said, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, said

    def query(self, statement: str) -> str:
        """Run a statement as the owner in a process of its own, which brings the server up if need be."""
        code, said = self.run("-c", QUERY, statement)
        assert code == 0, said
        return said.strip()

    def wait_until_stopped(self) -> None:
        """Return once no keeper and no server is left."""
        wait_for(lambda: not is_held(self.state.lock("keeper")), "the keeper to end")

    def remove(self) -> None:
        """Wait for the server's end, then delete everything."""
        if self.state.lock("keeper").exists():
            self.wait_until_stopped()
        shutil.rmtree(self.server_root, ignore_errors=True)


QUERY = """
import sys
import psycopg
from sutg.local.environment import ensure

with psycopg.connect(ensure()["OWNER_DATABASE_URL"], autocommit=True) as connection:
    cursor = connection.execute(sys.argv[1])
    print(cursor.fetchone()[0] if cursor.description else "done")
"""

# Uses the server until its standard input closes, having said so.
HOLD = """
import sys
from sutg.local.environment import ensure

print(ensure()["DATABASE_URL"], flush=True)
sys.stdin.read()
"""


def build_clone(folder: Path, server_root: Path) -> Clone:
    """Write the stand-in project around the real sutg.local."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "sutg" / "local", folder / "sutg" / "local", ignore=ignore)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / "sutg" / "tenancy" / "roles.py", folder / "sutg" / "tenancy" / "roles.py")
    shutil.copy(REPOSITORY / "manage.py", folder / "manage.py")
    return Clone(folder=folder, server_root=server_root)


def wait_for(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Poll until the condition holds; an assertion that names what was awaited when it never does."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience} s for {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
