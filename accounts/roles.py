"""The roles people hold, each for something and from one day to another."""

from __future__ import annotations

from django.db.models import TextChoices


class HeldFor(TextChoices):
    """What a role is held for."""

    PROVIDER = "provider", "a provider"
    TRUST = "trust", "the trust"
    NEIGHBOURHOODS = "neighbourhoods", "neighbourhoods"
    PATHWAY = "pathway", "a receiving team"


class Role(TextChoices):
    CAFE_WORKER = "cafe_worker", "Café worker"
    CAFE_LEAD = "cafe_lead", "Café lead"
    PROVIDER_MANAGER = "provider_manager", "Provider manager"
    PROVIDER_FINANCE = "provider_finance", "Provider finance"
    GRANT_OFFICER = "grant_officer", "Grant officer"
    GRANT_ASSESSOR = "grant_assessor", "Grant assessor"
    GRANT_APPROVER = "grant_approver", "Grant approver"
    TRUST_FINANCE = "trust_finance", "Trust finance"
    ROSTER_COORDINATOR = "roster_coordinator", "Roster coordinator"
    PEER_SUPPORT_WORKER = "peer_support_worker", "Peer support worker"
    EQUALITY_LEAD = "equality_lead", "Equality lead"
    REPRESENTATIVE = "representative", "Representative group member"
    INFORMATION_GOVERNANCE = "information_governance", "Information governance"
    SERVICE_ADMINISTRATOR = "service_administrator", "Service administrator"
    NEIGHBOURHOOD_LEAD = "neighbourhood_lead", "Neighbourhood lead"
    PATHWAY_CLINICIAN = "pathway_clinician", "Pathway clinician"
    PATHWAY_COORDINATOR = "pathway_coordinator", "Pathway coordinator"

    @property
    def held_for(self) -> HeldFor:
        return _HELD_FOR.get(self, HeldFor.TRUST)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone opens nothing: who decides, pays, refers, or manages a provider's people."""
        return self is Role.PROVIDER_MANAGER or self.held_for in {HeldFor.TRUST, HeldFor.PATHWAY}


_HELD_FOR = {
    Role.CAFE_WORKER: HeldFor.PROVIDER,
    Role.CAFE_LEAD: HeldFor.PROVIDER,
    Role.PROVIDER_MANAGER: HeldFor.PROVIDER,
    Role.PROVIDER_FINANCE: HeldFor.PROVIDER,
    Role.NEIGHBOURHOOD_LEAD: HeldFor.NEIGHBOURHOODS,
    Role.PATHWAY_CLINICIAN: HeldFor.PATHWAY,
    Role.PATHWAY_COORDINATOR: HeldFor.PATHWAY,
}

PROVIDER_ROLES = tuple(role for role in Role if role.held_for is HeldFor.PROVIDER)
TRUST_ROLES = tuple(role for role in Role if role.held_for is HeldFor.TRUST)
PATHWAY_ROLES = tuple(role for role in Role if role.held_for is HeldFor.PATHWAY)
EVERY_ROLE = frozenset(Role)
