"""Loaded before Django's settings (``-p tests.environment``): the environment that tests run in.

The suite connects as the login that owns nothing; the owner's address serves to create and migrate the test database.
"""

from __future__ import annotations

import os

from sutg.local import environment

os.environ["SUTG_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's synchronous API runs an event loop
if "DATABASE_URL" not in os.environ:
    os.environ.update(environment.ensure())
