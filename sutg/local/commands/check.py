"""``make check``: everything CI checks before the tests. All of it runs, two at a time; the failures are shown."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import IO

from sutg.local.commands import tools
from sutg.local.paths import REPOSITORY

_AT_ONCE = 2
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass
class Check:
    """One tool with its verdict."""

    name: str
    command: list[str]
    environment: dict[str, str]
    may_be_unreachable: bool = False
    output: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0

    def start(self) -> None:
        """Start the tool, its output kept for when it fails."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=REPOSITORY,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        """What the tool printed."""
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace").rstrip()

    def report(self, code: int) -> bool:
        """Print the verdict; True when it is a failure."""
        seconds = f"{time.monotonic() - self.began:.1f} s"
        said = self.said()
        if code and self.may_be_unreachable and "known vulnerabilit" not in said:
            print(f"skipped  {self.name}: no advisory index can be reached", flush=True)
            return False
        print(f"{'FAILED' if code else 'ok':8} {self.name} ({seconds})", flush=True)
        if code:
            print("\n".join(f"    {line}" for line in said.splitlines()[-200:]), flush=True)
        return bool(code)


def main(arguments: list[str]) -> int:
    """Run all checks, or those whose name contains an argument; 1 when any fails."""
    checks = [check for check in build() if not arguments or any(part in check.name for part in arguments)]
    failed = run_all(checks)
    if failed:
        print(f"{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}. make fix puts right what it can.")
        return 1
    print(f"All {len(checks)} checks passed.")
    return 0


def run_all(checks: list[Check]) -> list[str]:
    """Run the checks, two at a time, and return the names of those that failed."""
    waiting, running, failed = list(checks), list[Check](), list[str]()
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            waiting[0].start()
            running.append(waiting.pop(0))
        for check in tuple(running):
            code = check.process.poll() if check.process else None
            if code is not None:
                running.remove(check)
                if check.report(code):
                    failed.append(check.name)
        time.sleep(0.05)
    return failed


def build() -> list[Check]:
    """Return every check; those whose subject the clone does not have yet are left out."""
    environment = tools.environment("demo")
    production = production_like(environment)
    tool = tools.python
    checks = [
        Check("types", tool("-m", "mypy", "."), environment),
        Check("format", tool("-m", "ruff", "format", "--check", "."), environment),
        Check("lint", tool("-m", "ruff", "check", "."), environment),
        Check("rooms", tool("-c", _LINT_IMPORTS), environment),
        Check("migrations", tool("manage.py", "makemigrations", "--check", "--dry-run"), environment),
        Check("deployment", tool("manage.py", "check", "--deploy", "--fail-level", "WARNING"), production),
        Check("API description", tool("-m", "sutg.local.commands.api_drift"), environment),
        Check("audit", audit(), environment, may_be_unreachable=True),
    ]
    if template_folders():
        checks.append(Check("templates", tool("-m", "djlint", "--check", "--lint", *template_folders()), environment))
        # allauth names its templates .html; their language is Jinja all the same.
        html = tool("-m", "djlint", "--lint", "--extension", "html", *template_folders())
        checks.append(Check("sign-in templates", html, environment))
    if tools.exists("package.json"):
        checks.append(Check("front end", tools.npm("check"), environment))
    return checks


def template_folders() -> list[str]:
    """Folders that hold Jinja templates."""
    found = {*REPOSITORY.glob("*/jinja2"), *REPOSITORY.glob("sutg/*/jinja2")}
    return sorted(str(path.relative_to(REPOSITORY)) for path in found if "node_modules" not in path.parts)


def production_like(environment: dict[str, str]) -> dict[str, str]:
    """What a production host would say: no owner's login, a key of its own, one host name."""
    return {name: value for name, value in environment.items() if name != "OWNER_DATABASE_URL"} | {
        "SUTG_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SERVICE_URL": "https://cafes.example.org",
        "ALLOWED_HOSTS": "cafes.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://cafes.example.org",
    }


def audit() -> list[str]:
    """Known vulnerabilities among the locked packages."""
    return tools.python(
        *["-m", "pip_audit", "--requirement", "requirements/base.txt", "--require-hashes", "--disable-pip"],
        *["--progress-spinner", "off", "--timeout", "10"],
    )
