"""Check a quarterly return, and with ``--commit`` load it: what the page does, from a terminal."""

from __future__ import annotations

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cafes.models import ReturnFile
from cafes.returns import Quarter, Tally, UnreadableReturn, check_return
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.services.return_files import confirm_return, name_cafes, receive_return
from cafes.services.return_work import work_on
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
            content = Path(options["file"]).read_bytes()
            with scopes.enter(Scope.provider(BY, provider.id)):
                tally = self._check(options["file"], content, quarter, aliases)
                note = self._load(provider, options["file"], content, quarter, aliases) if options["commit"] else ""
        except (UnreadableReturn, DomainError) as refusal:
            raise CommandError(refusal.reason, returncode=UNREADABLE) from refusal
        except ValueError as refusal:
            raise CommandError(str(refusal), returncode=UNREADABLE) from refusal
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.", returncode=UNREADABLE) from error
        self._print(tally, note, as_json=options["json"])

    def _check(self, name: str, content: bytes, quarter: Quarter, aliases: dict[str, str]) -> Tally:
        with transaction.atomic():
            cafes = list(cafe_ids_by_name())
        return check_return(io.BytesIO(content), filename=name, cafes=cafes, quarter=quarter, aliases=aliases)

    def _load(self, provider: Provider, name: str, content: bytes, quarter: Quarter, aliases: dict[str, str]) -> str:
        """Go the way of the page: hand in, check, confirm, load. The same file again adds nothing and is no fault."""
        try:
            file = receive_return(
                provider_id=provider.id,
                period=Period.parse(str(quarter)),
                filename=Path(name).name,
                content=content,
                by=BY,
            )
        except DomainError as refusal:
            if refusal.field == "file" and "loaded" in refusal.reason:
                return refusal.reason
            raise
        work_on(return_file_id=file.id, state=ReturnFile.State.CHECKING, by=BY)
        if aliases:
            name_cafes(return_file_id=file.id, aliases=aliases, by=BY)
            work_on(return_file_id=file.id, state=ReturnFile.State.CHECKING, by=BY)
        confirm_return(return_file_id=file.id, by=BY)
        loaded = work_on(return_file_id=file.id, state=ReturnFile.State.LOADING, by=BY)
        if loaded is None or loaded.state != ReturnFile.State.LOADED:
            raise DomainError("The file was confirmed; somebody else is loading it.")
        return (
            f"Loaded {loaded.rows_done} rows." if loaded.replaces_id is None else "Loaded, replacing the earlier file."
        )

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
