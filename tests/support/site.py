"""The whole service, as people meet it: web server and worker as processes, on a database of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def database(name: str) -> Iterator[dict[str, str]]:
    """An empty database, dropped afterwards; the variables under which processes find it."""
    owner = os.environ["OWNER_DATABASE_URL"]
    with psycopg.connect(_renamed(owner, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield {
            "DATABASE_URL": _renamed(os.environ["DATABASE_URL"], name),
            "OWNER_DATABASE_URL": _renamed(owner, name),
        }
    finally:
        with psycopg.connect(_renamed(owner, "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def process(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@contextmanager
def serving(folder: Path, name: str, **more: str) -> Iterator[str]:
    """The demo, served; the address. Logs and the queue lie in ``folder``; ``more`` goes into the environment."""
    with ExitStack() as stack:
        urls = stack.enter_context(database(name))
        environment = {
            **os.environ,
            **urls,
            "SUTG_ENV": "demo",
            "SUTG_STATE_DIR": str(folder),
            "CELERY_BROKER_URL": "filesystem://",
            "DJANGO_SETTINGS_MODULE": "sutg.settings",
            **more,
        }
        for command in (["migrate", "--database", "owner", "-v0"], ["setup_demo"]):
            subprocess.run([sys.executable, "-m", "django", *command], cwd=ROOT, env=environment, check=True)
        del environment["OWNER_DATABASE_URL"]
        worker = ["celery", "-A", "sutg", "worker", "--concurrency", "1", "--loglevel", "INFO"]
        stack.enter_context(process(worker, environment, folder / "worker.log"))
        yield stack.enter_context(web(folder, environment))


@contextmanager
def serving_database(folder: Path, name: str, *options: str) -> Iterator[str]:
    """The web server alone, as it is run, on a database that is there and filled; the address."""
    environment = {
        **os.environ,
        "DATABASE_URL": _renamed(os.environ["DATABASE_URL"], name),
        "SUTG_ENV": "demo",  # with the pool of connections that it has in life
        "SUTG_STATE_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "sutg.settings",
    }
    environment.pop("OWNER_DATABASE_URL", None)
    with web(folder, environment, *options) as address:
        yield address


@contextmanager
def web(folder: Path, environment: dict[str, str], *options: str) -> Iterator[str]:
    """The web server, once it is ready; its address."""
    port = _free_port()
    command = ["granian", "--interface", "wsgi", "sutg.wsgi:application", "--host", LOOPBACK, "--port", str(port)]
    with process([*command, *options], environment, folder / "web.log"):
        address = f"http://{LOOPBACK}:{port}"
        _wait_until_ready(f"{address}/readyz")
        yield address


def _wait_until_ready(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  loopback
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
        time.sleep(0.1)
