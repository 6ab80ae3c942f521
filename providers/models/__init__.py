from providers.models.area import LocalAuthority, Neighbourhood, Place
from providers.models.invitation import Invitation, InvitationState, MailState, TrustInvitation
from providers.models.lead import NeighbourhoodLead
from providers.models.membership import Membership
from providers.models.provider import Provider

__all__ = [
    "Invitation",
    "InvitationState",
    "LocalAuthority",
    "MailState",
    "Membership",
    "Neighbourhood",
    "NeighbourhoodLead",
    "Place",
    "Provider",
    "TrustInvitation",
]
