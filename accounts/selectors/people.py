"""Names of people, for pages that say who did what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from accounts.models import User

SERVICE = "the service"


def everybody() -> dict[str, str]:
    """“user:<id>” → the name, of whoever could ever sign in, by name. A second of a name has the id behind it."""
    people: dict[str, str] = {}
    names: set[str] = set()
    for user_id, name in User.objects.order_by("full_name", "id").values_list("id", "full_name"):
        people[f"user:{user_id}"] = name if name not in names else f"{name} ({user_id})"
        names.add(name)
    return people


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """“user:<id>” as audit and rows keep it → the person's name; jobs are the service itself. One query."""
    wanted = {actor: actor.removeprefix("user:") for actor in actors}
    ids = {uuid.UUID(given) for actor, given in wanted.items() if actor.startswith("user:")}
    names = dict(User.objects.filter(id__in=ids).values_list("id", "full_name")) if ids else {}
    return {
        actor: names.get(uuid.UUID(given), SERVICE) if actor.startswith("user:") else SERVICE
        for actor, given in wanted.items()
    }
