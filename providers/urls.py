from django.urls import path

from providers import views

app_name = "providers"

_OWN = "people/invitations/<uuid:invitation_id>/"
_TRUST = "people/trust-invitations/<uuid:trust_invitation_id>/"

urlpatterns = [
    path("people/invitations/", views.list_invitations, name="invitations"),
    path("people/invitations/new/", views.invite_person, name="invite"),
    path(_OWN + "resend/", views.resend, name="resend_invitation"),
    path(_OWN + "revoke/", views.revoke, name="revoke_invitation"),
    path(_TRUST + "resend/", views.resend_for_trust, name="resend_trust_invitation"),
    path(_TRUST + "revoke/", views.revoke_for_trust, name="revoke_trust_invitation"),
    path("invitation/<str:token>/", views.accept, name="accept_invitation"),
]
