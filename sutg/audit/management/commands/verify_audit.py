"""Find out whether the audit record still is what was written. See docs/operations.md."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sutg.audit.checking import MAY_BE_UNSEALED_FOR, check_record
from sutg.tenancy.scope import Actor

_MINUTES = int(MAY_BE_UNSEALED_FOR.total_seconds() // 60)


class Command(BaseCommand):
    help = "Check every block and event of the audit record; exit 1, naming the first that is broken, when any is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--minutes", type=int, default=_MINUTES, help=f"how long an event may be unsealed ({_MINUTES})"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        unsealed_for = timedelta(minutes=options["minutes"])
        check = check_record(by=Actor.job("verify_audit"), unsealed_for=unsealed_for)
        for fault in check.faults[1:]:
            self.stderr.write(fault)
        if check.faults:
            raise CommandError(check.faults[0])
        self.stdout.write(
            f"Every event is as it was sealed: {check.events} events in {check.blocks} blocks of {check.chains} chains."
        )
