from providers.models.area import LocalAuthority, Neighbourhood, Place
from providers.models.lead import NeighbourhoodLead
from providers.models.membership import Membership
from providers.models.provider import Provider

__all__ = ["LocalAuthority", "Membership", "Neighbourhood", "NeighbourhoodLead", "Place", "Provider"]
