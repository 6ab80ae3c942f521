from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from providers.models import Insurance, Policy, ProfileVersion, Provider, SafeguardingHolder, SafeguardingPost
from tests.factories.accounts import make_user
from tests.factories.scoped import TESTS, acting_for


def _term(fields: dict[str, Any]) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "since": today - timedelta(days=100),
        "until": today + timedelta(days=265),
        "added_at": timezone.now(),
        "added_by": str(TESTS),
        **fields,
    }


def make_insurance(*, provider: Provider, **fields: Any) -> Insurance:
    values = {
        "kind": Insurance.Kind.PUBLIC_LIABILITY,
        "insurer": "Hall Mutual",
        "policy_number": "HM-1",
        "cover": 5_000_000,
        **fields,
    }
    with acting_for(provider):
        return Insurance.objects.create(provider=provider, **_term(values))


def make_policy(*, provider: Provider, **fields: Any) -> Policy:
    with acting_for(provider):
        return Policy.objects.create(provider=provider, **_term({"kind": Policy.Kind.SAFEGUARDING_ADULTS, **fields}))


def make_profile_version(*, provider: Provider, **fields: Any) -> ProfileVersion:
    """The first state of a charity's profile."""
    values = {
        "number": 1,
        "legal_form": ProfileVersion.LegalForm.CHARITY,
        "charity_register": "GB-CHC",
        "charity_number": "1234567",
        "written_at": datetime(2024, 1, 1, 12, tzinfo=timezone.get_current_timezone()),
        "written_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return ProfileVersion.objects.create(provider=provider, **values)


def make_safeguarding_post(*, provider: Provider, **fields: Any) -> SafeguardingPost:
    values = {
        "kind": SafeguardingPost.Kind.LEAD,
        "since": date(2024, 1, 1),
        "named_at": timezone.now(),
        "named_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return SafeguardingPost.objects.create(provider=provider, **values)


def make_safeguarding_holder(
    *, provider: Provider, safeguarding_post: SafeguardingPost | None = None, user: User | None = None, **fields: Any
) -> SafeguardingHolder:
    post = safeguarding_post or make_safeguarding_post(provider=provider)
    values = {"user": user or make_user(), "phone": "0116 496 0000", **fields}
    with acting_for(provider):
        return SafeguardingHolder.objects.create(provider=provider, safeguarding_post_id=post.id, **values)
