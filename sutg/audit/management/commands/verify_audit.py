"""Find out whether the audit record still is what was written. See docs/privacy.md."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sutg.audit.sealing import faults_of_everything
from sutg.tenancy.scope import Actor


class Command(BaseCommand):
    help = "Check every block and event of the audit record; exit 1, naming the first that is broken, when any is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=int, default=10, help="how long an event may be unsealed (10)")

    def handle(self, *_: Any, **options: Any) -> None:
        faults = list(
            faults_of_everything(by=Actor.job("verify_audit"), unsealed_for=timedelta(minutes=options["minutes"]))
        )
        for fault in faults[1:]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(faults[0])
        self.stdout.write("Every event is as it was sealed.")
