"""Print whom one can sign in as."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sutg.demo.personas import PERSONAS
from sutg.demo.views import held_for


class Command(BaseCommand):
    help = "Print whom one can sign in as in the demo."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        for persona in PERSONAS:
            self.stdout.write(f"{persona.name:18} {persona.role.label}, {held_for(persona)}")
