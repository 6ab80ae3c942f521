"""Erase records that are past the period of their class, or say which would be. See docs/privacy.md."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from sutg.privacy.erasing import apply, forecast, plan
from sutg.tenancy.scope import Actor


class Command(BaseCommand):
    help = "Erase what is past its retention period. Can be stopped and started again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")

    def handle(self, *_: Any, dry_run: bool, **__: Any) -> None:
        by, today = Actor.job("apply_retention"), timezone.localdate()
        found = plan(today=today, by=by) if dry_run else apply(today=today, by=by)
        names = dict(apps.get_model(settings.TENANT_MODEL)._default_manager.values_list("pk", "name"))
        for finding in found:
            oldest = f", the oldest from {finding.oldest}" if finding.oldest else ""
            place = f"{names[finding.provider_id]}: {finding.retention.code}, {finding.kind}"
            self.stdout.write(f"{place}: {finding.rows}{oldest}")
        total = sum(finding.rows for finding in found)
        self.stdout.write(f"{total} records {'would be' if dry_run else 'were'} erased.")
        if not dry_run:
            forecast(today=today, by=by)
