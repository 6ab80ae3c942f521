from cafes.models.cafe import Cafe, CafeName, CafeStatus
from cafes.models.cafe_address import CafeAddress
from cafes.models.community_service import OwnService, ServiceKind, SharedService
from cafes.models.demographics import Demographics
from cafes.models.incident import Incident, IncidentNote
from cafes.models.on_duty import OnDuty
from cafes.models.opening import OpeningException, OpeningPattern
from cafes.models.return_file import ReturnCheck, ReturnContent, ReturnFile
from cafes.models.session import Session
from cafes.models.tablet import Tablet, TabletRecord
from cafes.models.visit import Visit
from cafes.models.visit_differing import DifferingVisit
from cafes.models.visit_revision import VisitRevision
from cafes.models.visit_signpost import VisitSignpost
from cafes.models.visit_support import VisitSupport
from cafes.models.visitor import Visitor, VisitorIdentity, VisitorReference
from cafes.models.visitor_merge import VisitorMerge

__all__ = [
    "Cafe",
    "CafeAddress",
    "CafeName",
    "CafeStatus",
    "Demographics",
    "DifferingVisit",
    "Incident",
    "IncidentNote",
    "OnDuty",
    "OpeningException",
    "OpeningPattern",
    "OwnService",
    "ReturnCheck",
    "ReturnContent",
    "ReturnFile",
    "ServiceKind",
    "Session",
    "SharedService",
    "Tablet",
    "TabletRecord",
    "Visit",
    "VisitRevision",
    "VisitSignpost",
    "VisitSupport",
    "Visitor",
    "VisitorIdentity",
    "VisitorMerge",
    "VisitorReference",
]
