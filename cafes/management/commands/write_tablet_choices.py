"""``manage.py write_tablet_choices``: write the code lists into the tablet's app, after one of them changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cafes.tablet_choices import FILE, as_text


class Command(BaseCommand):
    help = "Writes static/tablet/choices.json from the code lists; a test says when it is out of date."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        FILE.write_text(as_text(), encoding="utf-8")
        self.stdout.write(f"{FILE.name} is written.")
