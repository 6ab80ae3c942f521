from providers.models.access_review import AccessReview, TrustAccessReview
from providers.models.area import LocalAuthority, Neighbourhood, Place
from providers.models.assurance import Insurance, Policy
from providers.models.document import Document, DocumentContent, DocumentVersion
from providers.models.invitation import Invitation, InvitationState, MailState, TrustInvitation
from providers.models.lead import NeighbourhoodLead
from providers.models.membership import Membership
from providers.models.profile import ProfileVersion
from providers.models.provider import Provider
from providers.models.safeguarding import SafeguardingHolder, SafeguardingPost
from providers.models.staff import StaffCheck, StaffMember

__all__ = [
    "AccessReview",
    "Document",
    "DocumentContent",
    "DocumentVersion",
    "Insurance",
    "Invitation",
    "InvitationState",
    "LocalAuthority",
    "MailState",
    "Membership",
    "Neighbourhood",
    "NeighbourhoodLead",
    "Place",
    "Policy",
    "ProfileVersion",
    "Provider",
    "SafeguardingHolder",
    "SafeguardingPost",
    "StaffCheck",
    "StaffMember",
    "TrustAccessReview",
    "TrustInvitation",
]
