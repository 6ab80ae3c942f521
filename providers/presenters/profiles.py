"""Ready strings and rows for the pages of a provider's profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from providers.models import Insurance, Policy, ProfileVersion, Provider, SafeguardingPost
from providers.selectors.profiles import AnyAssurance, Standing, State
from providers.selectors.safeguarding import HeldPost
from sutg.nhsuk.formats import nhs_date, pounds

_TAGS = {
    State.EXPIRED: ("Expired", "red"),
    State.MISSING: ("Missing", "orange"),
    State.SOON: ("Ends soon", "yellow"),
    State.IN_FORCE: ("In force", "green"),
}
ORDER = list(State)


@dataclass(frozen=True, slots=True)
class ProfilePresenter:
    """One provider's page. ``posts`` are given to its own people only."""

    provider: Provider
    versions: Sequence[ProfileVersion]
    standings: Sequence[Standing]
    insurances: Sequence[Insurance]
    policies: Sequence[Policy]
    names: Mapping[str, str]
    has_lead: bool
    posts: Mapping[str, HeldPost] | None = None
    may_keep: bool = False
    history_limit: int = field(default=20)

    @property
    def is_named(self) -> bool:
        return bool(self.versions)

    def facts(self) -> list[dict[str, Any]]:
        version = self.versions[0]
        rows = [
            ("Legal form", version.get_legal_form_display()),
            ("Charity", _charity(version)),
            ("Company number", version.company_number),
            ("Identifiers (org-id)", version.org_ids),
            ("Registered address", version.address.splitlines()),
            ("Phone number", version.phone),
            ("Email address", version.email),
            ("Website", version.website),
        ]
        return [{"key": key, "value": value or ""} for key, value in rows]

    def safeguarding(self) -> list[dict[str, Any]]:
        if self.posts is None:
            return [{"key": "Safeguarding lead", "value": "Named" if self.has_lead else "Nobody is named"}]
        return [{"key": kind.label, "value": self._holder(kind.value)} for kind in SafeguardingPost.Kind]

    def _holder(self, kind: str) -> list[str]:
        held = (self.posts or {}).get(kind)
        if held is None:
            return ["Nobody is named"]
        gone = [] if held.is_here else ["No longer has a role here that can handle incidents. Name somebody else."]
        return [held.user.full_name, *filter(None, [held.phone]), f"Since {nhs_date(held.post.since)}", *gone]

    def standing_rows(self) -> list[dict[str, Any]]:
        return [standing_row(standing) for standing in sorted(self.standings, key=_by_urgency)]

    def history(self) -> list[list[str]]:
        """Every insurance and policy, what ended last first."""
        rows: list[AnyAssurance] = [*self.insurances, *self.policies]
        return [self._past(row) for row in sorted(rows, key=lambda row: (row.until, row.added_at), reverse=True)]

    def _past(self, row: AnyAssurance) -> list[str]:
        is_insurance = isinstance(row, Insurance)
        more = f"{row.insurer}, {row.policy_number}, {pounds(row.cover)}" if isinstance(row, Insurance) else ""
        what = f"{row.get_kind_display()} {'insurance' if is_insurance else 'policy'}"
        told = f"Taken back by {self.names[row.withdrawn_by]}" if row.withdrawn_at else self.names[row.added_by]
        return [f"{what}: {more}" if more else what, f"{nhs_date(row.since)} to {nhs_date(row.until)}", told]

    def withdrawable(self) -> list[dict[str, str]]:
        """What may be taken back: everything that stands, by kind."""
        rows: list[AnyAssurance] = [*self.insurances, *self.policies]
        return [
            {
                "text": f"{row.get_kind_display()}, {nhs_date(row.since)} to {nhs_date(row.until)}",
                "href": reverse(
                    f"providers:withdraw_{'insurance' if isinstance(row, Insurance) else 'policy'}", args=[row.id]
                ),
            }
            for row in rows
            if row.withdrawn_at is None
        ]

    def changes(self) -> list[list[str]]:
        """What was said before, the latest first: what changed, when, and by whom."""
        rows = []
        for version, before in zip(self.versions, [*self.versions, None][1:], strict=True):
            what = _difference(version, before) if before else "First written down"
            rows.append([what, nhs_date(version.written_at), self.names[version.written_by]])
        return rows[: self.history_limit]


_LABELS = {
    "legal_form": "Legal form",
    "charity_register": "Charity register",
    "charity_number": "Charity number",
    "company_number": "Company number",
    "address": "Registered address",
    "phone": "Phone number",
    "email": "Email address",
    "website": "Website",
}


def _difference(version: ProfileVersion, before: ProfileVersion) -> str:
    changed = [name for name in _LABELS if getattr(version, name) != getattr(before, name)]
    return ". ".join(f"{_LABELS[name]} was {_shown(before, name)}" for name in changed)


def _shown(version: ProfileVersion, name: str) -> str:
    display = getattr(version, f"get_{name}_display", None)
    value = str(display() if display else getattr(version, name))
    return "“" + ", ".join(value.splitlines()) + "”" if value else "empty"


def _charity(version: ProfileVersion) -> str:
    if not version.charity_number:
        return "Not a registered charity"
    return f"{version.charity_number}, {version.get_charity_register_display()}"


def _by_urgency(standing: Standing) -> tuple[int, bool, str]:
    return ORDER.index(standing.state), standing.model is Policy, standing.label


def standing_row(standing: Standing) -> dict[str, Any]:
    """“Public liability insurance”, its tag, and until when."""
    text, colour = _TAGS[standing.state]
    is_policy = standing.model is Policy
    if standing.state is State.SOON and is_policy:
        text = "Review soon"
    if standing.state is State.EXPIRED and is_policy:
        text = "Review overdue"
    return {
        "what": f"{standing.label} {'policy' if is_policy else 'insurance'}",
        "state": text,
        "colour": colour,
        "when": nhs_date(standing.ends) if standing.ends else "",
        "note": _note(standing),
    }


def _note(standing: Standing) -> str:
    row = standing.row
    return f"{row.insurer}, {pounds(row.cover)}" if isinstance(row, Insurance) else ""


@dataclass(frozen=True, slots=True)
class ListedProvider:
    """One provider in the trust's list. ``twin``: another provider says that it is the same organisation."""

    provider: Provider
    version: ProfileVersion | None
    standings: Sequence[Standing]
    has_lead: bool
    twin: str = ""

    @property
    def href(self) -> str:
        return reverse("providers:provider", args=[self.provider.id])

    @property
    def org_id(self) -> str:
        if self.version is None:
            return "Not given yet"
        return self.version.org_ids[0] if self.version.org_ids else "On neither register"

    def of(self, state: State) -> list[str]:
        chosen = [standing for standing in self.standings if standing.state is state]
        return [standing_row(standing)["what"] for standing in sorted(chosen, key=_by_urgency)]

    @property
    def expired(self) -> list[str]:
        return self.of(State.EXPIRED)

    @property
    def missing(self) -> list[str]:
        return [*([] if self.has_lead else ["Safeguarding lead"]), *self.of(State.MISSING)]

    @property
    def ending(self) -> list[str]:
        return [f"{standing_row(s)['what']}, {nhs_date(s.ends)}" for s in self.standings if s.state is State.SOON]

    @property
    def urgency(self) -> tuple[int, int, int, str]:
        """Most expired first, then most missing, then most ending."""
        return -len(self.expired), -len(self.missing), -len(self.ending), self.provider.name


def listed_providers(
    providers: Sequence[Provider],
    versions: Mapping[Any, ProfileVersion],
    standings: Mapping[Any, Sequence[Standing]],
    with_lead: set[Any],
) -> list[ListedProvider]:
    """Providers with what has expired first. Two with one id of a register are shown to each other."""
    holders: dict[str, list[Provider]] = {}
    for provider in providers:
        for org_id in versions[provider.id].org_ids if provider.id in versions else []:
            holders.setdefault(org_id, []).append(provider)
    twins = {
        provider.id: other.name
        for same in holders.values()
        for provider in same
        for other in same
        if other.id != provider.id
    }
    listed = [
        ListedProvider(p, versions.get(p.id), standings[p.id], p.id in with_lead, twins.get(p.id, ""))
        for p in providers
    ]
    return sorted(listed, key=lambda one: one.urgency)
