from cafes.models.cafe import Cafe, CafeStatus, OpeningPattern
from cafes.models.community_service import OwnService, ServiceKind, SharedService
from cafes.models.incident import Incident, IncidentNote
from cafes.models.return_file import ReturnCheck, ReturnContent, ReturnFile
from cafes.models.session import Session
from cafes.models.visit import Visit
from cafes.models.visitor import Visitor, VisitorReference

__all__ = [
    "Cafe",
    "CafeStatus",
    "Incident",
    "IncidentNote",
    "OpeningPattern",
    "OwnService",
    "ReturnCheck",
    "ReturnContent",
    "ReturnFile",
    "ServiceKind",
    "Session",
    "SharedService",
    "Visit",
    "Visitor",
    "VisitorReference",
]
