"""Seal the audit record now: what the job does each minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from sutg.audit.sealing import seal_everything
from sutg.tenancy.scope import Actor


class Command(BaseCommand):
    help = "Seal every unsealed event of the audit record into the next block of its chain."

    def handle(self, *_: Any, **__: Any) -> None:
        self.stdout.write(f"{seal_everything(by=Actor.job('seal_audit'))} blocks sealed.")
