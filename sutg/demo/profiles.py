"""What makes the pages of providers worth opening: profiles, a safeguarding lead, insurance in force and run out."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from providers.models import Document, Insurance, Policy, Provider
from providers.selectors.profiles import latest_profile
from providers.selectors.safeguarding import people_who_may_lead, safeguarding_posts
from providers.services.assurance import add_insurance, add_policy
from providers.services.documents import add_document
from providers.services.profiles import Profile, save_profile
from providers.services.safeguarding import Named, name_safeguarding_lead
from sutg.demo.personas import BY_KEY, FIRST, SECOND
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

BY = Actor.job("demo")
# Invented: numbers of the registers' form that belong to nobody known to us.
_PROFILES = {
    FIRST: Profile(
        legal_form="charitable_company",
        charity_register="GB-CHC",
        charity_number="9990001",
        company_number="99900001",
        address="1 Example Street\nLeicester",
        phone="0116 496 0100",
        email="office@belgrave.invalid",
        website="https://belgrave.invalid",
    ),
    SECOND: Profile(legal_form="cio", charity_register="GB-CHC", charity_number="9990002", phone="01572 496 010"),
}


def seed_profiles() -> None:
    """Profiles of two providers, one of which let an insurance expire; harmless when run again."""
    manager = User.objects.get(email=BY_KEY["provider-manager"].email)
    second = User.objects.get(email=BY_KEY["second-manager"].email)
    today = timezone.localdate()
    for slug, user in ((FIRST, manager), (SECOND, second)):
        provider = Provider.objects.get(slug=slug)
        by = Actor.user(user.id)
        with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
            if latest_profile(provider.id) is None:
                save_profile(provider=provider, profile=_PROFILES[slug], seen=0, by=by, now=timezone.now())
            if not Insurance.objects.exists():
                _assurance(provider, today, late=slug == SECOND, by=by)
            if slug == FIRST and not Document.objects.exists():
                _document(provider, by)
            if slug == FIRST and not safeguarding_posts(today):
                lead = Named(people_who_may_lead(today)[0].id, "0116 496 0101")
                name_safeguarding_lead(
                    provider=provider, lead=lead, deputy=None, today=today, by=by, now=timezone.now()
                )


def _document(provider: Provider, by: Actor) -> None:
    """A PDF of one empty page: that it is kept matters here, not what it says."""
    page = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    add_document(
        provider=provider,
        kind=Document.Kind.INSURANCE_CERTIFICATE,
        title="Public liability certificate",
        filename="certificate.pdf",
        content=page,
        by=by,
        now=timezone.now(),
    )


def _assurance(provider: Provider, today: date, *, late: bool, by: Actor) -> None:
    ends = today - timedelta(days=12) if late else today + timedelta(days=200)
    for kind, cover, until in (
        (Insurance.Kind.PUBLIC_LIABILITY, 5_000_000, ends),
        (Insurance.Kind.EMPLOYERS_LIABILITY, 10_000_000, today + timedelta(days=41)),
    ):
        add_insurance(
            provider=provider,
            kind=kind,
            insurer="Example Mutual",
            policy_number=f"EM-{cover // 1_000_000:03}",
            cover=cover,
            since=until - timedelta(days=364),
            until=until,
            by=by,
            now=timezone.now(),
        )
    for number, policy in enumerate(Policy.REQUIRED[: 3 if late else 6]):
        since = today - timedelta(days=90 * number + 20)
        add_policy(
            provider=provider, kind=policy, since=since, until=since + timedelta(days=730), by=by, now=timezone.now()
        )
