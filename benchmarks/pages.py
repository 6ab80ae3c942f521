"""How long each list page takes for 3 providers with 50 people and 5 years of sessions. ``make bench ARGS=pages``.

Medians of 7 requests through the whole of Django, in this process, after one that is not counted; each page as a
provider's person and as somebody of the trust's sees it. The sessions, visits, staff, documents, incidents and the rest
are written as rows (tests/support/scale*.py): what is measured is reading them.
Files are timed and not held to the limit: they are written to their end.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta

TIMES, PROVIDERS, PEOPLE, WEEKS = 7, 3, 50, 260
LIMIT = 0.3


def main() -> int:
    from tests.support.site import ROOT, database

    with database("sutg_benchmark_pages") as urls:
        environment = {**os.environ, **urls, "SUTG_ENV": "test", "DJANGO_SETTINGS_MODULE": "sutg.settings"}
        migrate = [sys.executable, "-m", "django", "migrate", "--database", "owner", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        child = [sys.executable, "-m", "benchmarks.pages", "measure"]
        return subprocess.run(child, cwd=ROOT, env=environment, check=False).returncode


def measure() -> int:
    """In a process of its own: plant, ask for each page, print the medians; 1 when one is over the limit."""
    import django

    django.setup()
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    import tests.conftest  # noqa: F401  a sign-in without a form is whole
    from tests.factories import make_provider
    from tests.integration.test_list_pages import BACKEND, FILES, PAGES, one_of_each
    from tests.support.scale import plant_years
    from tests.support.walk import person_of

    began = time.perf_counter()
    providers = [make_provider() for _ in range(PROVIDERS)]
    for number, provider in enumerate(providers):
        plant_years(provider, seed=number, people=PEOPLE, last=timezone.localdate() - timedelta(days=1), weeks=WEEKS)
    print(f"planted in {time.perf_counter() - began:.1f} s")
    slow = 0
    for route in PAGES:
        for role in one_of_each(route):
            client = Client()
            # Holders of some roles sign in by two steps; tests/conftest.py counts this as both.
            client.force_login(person_of(role, providers[0]), backend=BACKEND)
            median = _median(client, reverse(route.name))
            is_slow = median > LIMIT and route.name not in FILES
            slow += is_slow
            print(f"{median * 1000:7.1f} ms  {route.name:32} {role.value}{'  SLOW' if is_slow else ''}")
    return int(bool(slow))


def _median(client: object, address: str) -> float:
    taken = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        response = client.get(address)  # type: ignore[attr-defined]
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code == 200, f"{address} answered {response.status_code}"
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])


if __name__ == "__main__":
    sys.exit(measure() if len(sys.argv) > 1 else main())
