"""The people of the demo: one for each role, and a second provider's, so that both sides of each wall can be tried."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.roles import Role

FIRST, SECOND = "belgrave-community-trust", "rutland-reach"


@dataclass(frozen=True, slots=True)
class Persona:
    """``provider``, ``cafe``, ``team`` and ``neighbourhood`` say for what the role is held."""

    key: str
    name: str
    role: Role
    provider: str = ""
    cafe: str = ""
    team: str = ""
    neighbourhood: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.invalid"


PERSONAS = (
    Persona("grant-officer", "Grace Okafor", Role.GRANT_OFFICER),
    Persona("neighbourhood-lead", "Nikhil Shah", Role.NEIGHBOURHOOD_LEAD, neighbourhood="LEI01"),
    Persona("provider-manager", "Meena Solanki", Role.PROVIDER_MANAGER, provider=FIRST),
    Persona("cafe-lead", "Callum Reid", Role.CAFE_LEAD, provider=FIRST, cafe="Belgrave Neighbourhood Café"),
    Persona("cafe-worker", "Wanjiru Kamau", Role.CAFE_WORKER, provider=FIRST, cafe="Belgrave Neighbourhood Café"),
    Persona("provider-finance", "Farida Malik", Role.PROVIDER_FINANCE, provider=FIRST),
    Persona("second-manager", "Ruth Pickering", Role.PROVIDER_MANAGER, provider=SECOND),
    Persona("second-lead", "Leon Marsh", Role.CAFE_LEAD, provider=SECOND, cafe="Oakham Oasis"),
    Persona("grant-assessor", "Asha Verma", Role.GRANT_ASSESSOR),
    Persona("grant-approver", "Peter Lund", Role.GRANT_APPROVER),
    Persona("trust-finance", "Tom Ashby", Role.TRUST_FINANCE),
    Persona("roster-coordinator", "Rosa Delgado", Role.ROSTER_COORDINATOR),
    Persona("peer-support-worker", "Samira Hassan", Role.PEER_SUPPORT_WORKER),
    Persona("equality-lead", "Esther Boateng", Role.EQUALITY_LEAD),
    Persona("representative", "Ray Wójcik", Role.REPRESENTATIVE),
    Persona("information-governance", "Ingrid Holm", Role.INFORMATION_GOVERNANCE),
    Persona("service-administrator", "Dev Mistry", Role.SERVICE_ADMINISTRATOR),
    Persona("pathway-clinician", "Claire Whitmore", Role.PATHWAY_CLINICIAN, team="Central Access Point"),
    Persona("pathway-coordinator", "Kofi Mensah", Role.PATHWAY_COORDINATOR, team="Central Access Point"),
)
BY_KEY = {persona.key: persona for persona in PERSONAS}
