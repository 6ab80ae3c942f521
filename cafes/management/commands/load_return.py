"""Check a quarterly return, and with ``--commit`` load it: what the page does, from a terminal."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cafes.returns import Quarter, Tally, UnreadableReturn, check_return
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.services.return_files import AlreadyLoaded, receive_return
from cafes.services.return_work import work_through
from providers.models import Provider
from providers.selectors.providers import find_provider
from sutg.common.errors import DomainError
from sutg.common.periods import Period
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

UNREADABLE = 2
BY = Actor.job("load_return")


class Command(BaseCommand):
    help = (
        "Check a provider's quarterly return; load it with --commit. Exits 2, with a sentence, when it cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the .xlsx or .csv file as the provider sent it")
        parser.add_argument("--provider", required=True, metavar="SLUG", help="for example belgrave-community-trust")
        parser.add_argument("--quarter", required=True, metavar="2024-Q1", help="a quarter of the financial year")
        parser.add_argument(
            "--alias",
            action="append",
            default=[],
            metavar="WRITTEN=CAFÉ",
            help="which café a name as written means; may be given several times",
        )
        parser.add_argument("--commit", action="store_true", help="load it; without this nothing is stored")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            provider = find_provider(options["provider"])
            quarter = Quarter.parse(options["quarter"])
            aliases = dict(_alias(written) for written in options["alias"])
            path = Path(options["file"])
            with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
                tally = self._check(path, quarter, aliases)
                note = self._load(provider, path, quarter, aliases, tally) if options["commit"] else ""
        except (UnreadableReturn, DomainError) as refusal:
            raise CommandError(refusal.reason, returncode=UNREADABLE) from refusal
        except ValueError as refusal:
            raise CommandError(str(refusal), returncode=UNREADABLE) from refusal
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.", returncode=UNREADABLE) from error
        self._print(tally, note, as_json=options["json"])

    def _check(self, path: Path, quarter: Quarter, aliases: dict[str, str]) -> Tally:
        with path.open("rb") as file:
            return check_return(
                file, filename=path.name, cafes=list(cafe_ids_by_name()), quarter=quarter, aliases=aliases
            )

    def _load(self, provider: Provider, path: Path, quarter: Quarter, aliases: dict[str, str], tally: Tally) -> str:
        """Go the way of the page: hand in, check, confirm, load. The same file again adds nothing and is no fault.

        All in the caller's transaction: no worker can take the file up meanwhile, and a refusal leaves nothing behind.
        """
        if not tally.accepted:
            return "No row was accepted, so nothing was loaded."
        try:
            file = receive_return(
                provider_id=provider.id,
                period=Period.parse(str(quarter)),
                filename=path.name,
                content=path.read_bytes(),
                by=BY,
            )
        except AlreadyLoaded as refusal:
            return refusal.reason
        loaded = work_through(file=file, aliases=aliases, by=BY)
        return "Loaded, replacing the earlier file." if loaded.replaces_id else f"Loaded {tally.accepted} visits."

    def _print(self, tally: Tally, note: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(tally.as_json(), ensure_ascii=False, indent=2))
            if note:
                sys.stderr.write(note + "\n")
            return
        self.stdout.write(f"{tally.rows} rows: {tally.accepted} accepted, {tally.duplicates} repeats")
        for row in tally.rejected:
            self.stdout.write(f"  {row.sheet}, row {row.row}: {row.message}")
        for written, candidates in tally.needs_cafe_alias.items():
            self.stdout.write(f'  Which café is “{written}”? Perhaps --alias "{written}={candidates[0]}"')
        for written, count in tally.ethnicity_wordings.items():
            self.stdout.write(f"  Ethnic group to review: “{written}” ({count})")
        self.stdout.write(note or "Nothing was stored. Add --commit to load it.")


def _alias(written: str) -> tuple[str, str]:
    name, separator, cafe = written.rpartition("=")
    if not separator or not name.strip() or not cafe.strip():
        raise ValueError(f'“{written}” is not an alias. Write it as --alias "as written=Café name".')
    return name, cafe
