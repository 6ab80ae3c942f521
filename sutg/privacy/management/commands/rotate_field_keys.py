"""Bring every encrypted value under the first key of the ring, while the service is in use. See docs/privacy.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sutg.privacy.envelope import ring
from sutg.privacy.rotation import count_waiting, rotate_everything
from sutg.tenancy.scope import Actor


class Command(BaseCommand):
    help = "Seal every encrypted value anew under the current field key. Can be stopped and started again at any time."

    def handle(self, *_: Any, **__: Any) -> None:
        done = rotate_everything(by=Actor.job("rotate_field_keys"))
        waiting = count_waiting()
        self.stdout.write(
            f"{done.exchanged} values sealed anew under the key {ring().current}; "
            f"{done.overtaken} were written by somebody else meanwhile."
        )
        for place in done.unopened:
            self.stderr.write(place)
        if waiting:
            msg = f"{waiting} values are not under the key {ring().current} yet: keep the other keys in the ring."
            raise CommandError(msg)
        others = [key_id for key_id in ring() if key_id != ring().current]
        if others:
            self.stdout.write(f"No value needs any other key: {', '.join(others)} may leave the ring.")
