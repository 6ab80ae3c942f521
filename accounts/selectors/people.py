"""Names of people, for pages that say who did what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from accounts.models import User

SERVICE = "the service"


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """“user:<id>” as audit and rows keep it → the person's name; jobs are the service itself. One query."""
    wanted = {actor: actor.removeprefix("user:") for actor in actors}
    ids = {uuid.UUID(given) for actor, given in wanted.items() if actor.startswith("user:")}
    names = dict(User.objects.filter(id__in=ids).values_list("id", "full_name")) if ids else {}
    return {
        actor: names.get(uuid.UUID(given), SERVICE) if actor.startswith("user:") else SERVICE
        for actor, given in wanted.items()
    }
