"""Entry point of the web server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sutg.settings")

application = get_wsgi_application()

from sutg.tenancy.startup import refuse_weak_locks  # noqa: E402  the apps must be loaded first

refuse_weak_locks()
