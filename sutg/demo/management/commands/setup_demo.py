"""Fill the demo with its organisations, people and returns. Harmless when run again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sutg.demo.seed import seed


class Command(BaseCommand):
    help = "Fill the demo with its organisations, people and returns. Harmless when run again."

    def handle(self, *_: Any, **__: Any) -> None:
        seed(self.stdout.write)
