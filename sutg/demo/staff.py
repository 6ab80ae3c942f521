"""A register of staff and volunteers worth opening: somebody paid, volunteers, a check run out, a leaver."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from providers.models import Provider, StaffMember
from providers.services.staff import Person, add_staff_check, add_staff_member, record_leaving
from sutg.demo.personas import BY_KEY, FIRST
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

# Invented people: kind, post, lived experience, and check → (days ago, days from now until it ends).
_PEOPLE: tuple[tuple[str, str, str, str, dict[str, tuple[int, int]]], ...] = (
    ("Bernadette Achebe-Wolstenholme", "paid", "lead", "", {"dbs_barred": (400, 695), "safeguarding": (400, -35)}),
    ("Imran Qureshi", "volunteer", "peer", "yes", {"dbs_enhanced": (1050, 45), "suicide_prevention": (200, 530)}),
    ("Joan Marsh", "volunteer", "host", "no", {"dbs_basic": (90, 1005), "food_hygiene": (90, 1005)}),
    ("Piotr Zielinski", "volunteer", "groups", "", {}),
)


def seed_staff() -> None:
    """The register of one provider; harmless when run again."""
    provider = Provider.objects.get(slug=FIRST)
    by = Actor.user(User.objects.get(email=BY_KEY["provider-manager"].email).id)
    now, today = timezone.now(), timezone.localdate()
    with scopes.enter(Scope.provider(Actor.job("demo"), provider.id)), transaction.atomic():
        if StaffMember.objects.exists():
            return
        for name, kind, post, said, checks in _PEOPLE:
            began = today - timedelta(days=1100)
            person = Person(name=name, kind=kind, post=post, since=began, lived_experience=said)
            member = add_staff_member(provider=provider, person=person, by=by, now=now)
            for check, (ago, ends) in checks.items():
                add_staff_check(
                    staff_member_id=member.id,
                    kind=check,
                    since=today - timedelta(days=ago),
                    until=today + timedelta(days=ends),
                    by=by,
                    now=now,
                )
        gone = Person(name="Ruth Ellery", kind="paid", post="worker", since=today - timedelta(days=900))
        member = add_staff_member(provider=provider, person=gone, by=by, now=now)
        record_leaving(staff_member_id=member.id, until=today - timedelta(days=30), by=by, now=now)
