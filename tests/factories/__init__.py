"""Build a valid minimum of each thing. The provider is always passed; traits are business states.

Rows of a tenant are created under that provider's scope, in whatever transaction the test has open.
"""

from tests.factories.accounts import make_appointment, make_user
from tests.factories.audit import make_provider_block, make_trust_block
from tests.factories.cafes import (
    make_cafe,
    make_cafe_status,
    make_opening_pattern,
    make_own_service,
    make_return_check,
    make_return_content,
    make_return_file,
    make_session,
    make_shared_service,
    make_visit,
    make_visitor,
    make_visitor_reference,
)
from tests.factories.documents import make_document, make_document_content, make_document_version
from tests.factories.incidents import make_incident, make_incident_note
from tests.factories.outbox import make_outbox_message
from tests.factories.places import make_cafe_address, make_cafe_name, make_open_cafe, make_opening_exception
from tests.factories.privacy import (
    make_provider_key,
    make_retention_forecast,
    make_retention_hold,
    make_retention_period,
)
from tests.factories.profiles import (
    make_insurance,
    make_policy,
    make_profile_version,
    make_safeguarding_holder,
    make_safeguarding_post,
)
from tests.factories.providers import (
    make_access_review,
    make_invitation,
    make_lead,
    make_membership,
    make_provider,
    make_trust_access_review,
    make_trust_invitation,
)
from tests.factories.reports import make_adjustment, make_figure, make_locked_figure, make_month_lock
from tests.factories.staff import make_staff_check, make_staff_member
from tests.factories.tablets import make_tablet, make_tablet_record
from tests.factories.visits import (
    make_demographics,
    make_differing_visit,
    make_on_duty,
    make_open_session,
    make_visit_revision,
    make_visit_signpost,
    make_visit_support,
    make_visitor_identity,
    make_visitor_merge,
)

__all__ = [
    "make_access_review",
    "make_adjustment",
    "make_appointment",
    "make_cafe",
    "make_cafe_address",
    "make_cafe_name",
    "make_cafe_status",
    "make_demographics",
    "make_differing_visit",
    "make_document",
    "make_document_content",
    "make_document_version",
    "make_figure",
    "make_incident",
    "make_incident_note",
    "make_insurance",
    "make_invitation",
    "make_lead",
    "make_locked_figure",
    "make_membership",
    "make_month_lock",
    "make_on_duty",
    "make_open_cafe",
    "make_open_session",
    "make_opening_exception",
    "make_opening_pattern",
    "make_outbox_message",
    "make_own_service",
    "make_policy",
    "make_profile_version",
    "make_provider",
    "make_provider_block",
    "make_provider_key",
    "make_retention_forecast",
    "make_retention_hold",
    "make_retention_period",
    "make_return_check",
    "make_return_content",
    "make_return_file",
    "make_safeguarding_holder",
    "make_safeguarding_post",
    "make_session",
    "make_shared_service",
    "make_staff_check",
    "make_staff_member",
    "make_tablet",
    "make_tablet_record",
    "make_trust_access_review",
    "make_trust_block",
    "make_trust_invitation",
    "make_user",
    "make_visit",
    "make_visit_revision",
    "make_visit_signpost",
    "make_visit_support",
    "make_visitor",
    "make_visitor_identity",
    "make_visitor_merge",
    "make_visitor_reference",
]
