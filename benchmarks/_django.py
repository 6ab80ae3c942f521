"""Django set up, for a benchmark that imports a room: importing this comes first."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sutg.settings")
django.setup()
READY = True
