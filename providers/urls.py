from django.urls import path

from providers import views
from providers.views import access, access_reviews, everybody

app_name = "providers"

_OWN = "people/invitations/<uuid:invitation_id>/"
_STAFF = "organisation/staff/<uuid:staff_member_id>/"
_TRUST = "people/trust-invitations/<uuid:trust_invitation_id>/"

urlpatterns = [
    path("organisation/", views.show_own_profile, name="own_profile"),
    path("organisation/edit/", views.edit_profile, name="edit_profile"),
    path("organisation/safeguarding/", views.name_safeguarding, name="name_safeguarding"),
    path("organisation/insurance/new/", views.add_own_insurance, name="add_insurance"),
    path("organisation/insurance/<uuid:insurance_id>/withdraw/", views.withdraw_insurance, name="withdraw_insurance"),
    path("organisation/policies/new/", views.add_own_policy, name="add_policy"),
    path("organisation/policies/<uuid:policy_id>/withdraw/", views.withdraw_policy, name="withdraw_policy"),
    path("organisation/documents/", views.list_documents, name="documents"),
    path("organisation/documents/new/", views.upload_document, name="upload_document"),
    path("organisation/documents/<uuid:document_id>/", views.show_document, name="document"),
    path("organisation/documents/<uuid:document_id>/aside/", views.put_aside, name="put_document_aside"),
    path(
        "organisation/documents/versions/<uuid:document_version_id>/", views.download_own, name="download_own_document"
    ),
    path(
        "providers/<uuid:organisation_id>/documents/<uuid:document_version_id>/",
        views.download_any,
        name="download_any_document",
    ),
    path("organisation/staff/", views.list_staff, name="staff"),
    path("organisation/staff/new/", views.add_staff, name="add_staff"),
    path(_STAFF, views.show_staff_member, name="staff_member"),
    path(_STAFF + "edit/", views.edit_staff_member, name="edit_staff_member"),
    path(_STAFF + "leave/", views.leave, name="leave_staff"),
    path(_STAFF + "checks/new/", views.add_check, name="add_staff_check"),
    path(
        "organisation/staff/checks/<uuid:staff_check_id>/withdraw/", views.withdraw_check, name="withdraw_staff_check"
    ),
    path("providers/", views.list_providers, name="providers"),
    path("providers/<uuid:organisation_id>/", views.show_provider, name="provider"),
    path("people/access/", access.list_access, name="access"),
    path("people/access/reviews/", access_reviews.list_own, name="access_reviews"),
    path("people/access/reviews/new/", access_reviews.review_own, name="review_access"),
    path("people/access/reviews/<uuid:access_review_id>/", access_reviews.show_own, name="access_review"),
    path("people/everybody/reviews/", access_reviews.list_trust, name="trust_access_reviews"),
    path("people/everybody/reviews/new/", access_reviews.review_trust, name="review_trust_access"),
    path(
        "people/everybody/reviews/<uuid:trust_access_review_id>/",
        access_reviews.show_trust,
        name="trust_access_review",
    ),
    path("people/access/<uuid:membership_id>/", access.show_access, name="person_access"),
    path("people/access/<uuid:membership_id>/end/", access.end_role, name="end_role"),
    path("people/access/<uuid:membership_id>/leave/", access.leave_organisation, name="leave_organisation"),
    path("people/everybody/", everybody.list_everybody, name="everybody"),
    path("people/everybody/<uuid:person_id>/", everybody.show_anybody, name="anybody"),
    path("people/everybody/<uuid:person_id>/leave/", everybody.leave_all, name="leave_all"),
    path("people/appointments/<uuid:appointment_id>/end/", everybody.end_trust_role, name="end_appointment"),
    path("people/leads/<uuid:lead_id>/end/", everybody.end_leading, name="end_lead"),
    path("people/invitations/", views.list_invitations, name="invitations"),
    path("people/invitations/new/", views.invite_person, name="invite"),
    path(_OWN + "resend/", views.resend, name="resend_invitation"),
    path(_OWN + "revoke/", views.revoke, name="revoke_invitation"),
    path(_TRUST + "resend/", views.resend_for_trust, name="resend_trust_invitation"),
    path(_TRUST + "revoke/", views.revoke_for_trust, name="revoke_trust_invitation"),
    path("invitation/<str:token>/", views.accept, name="accept_invitation"),
]
