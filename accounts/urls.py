from django.urls import path

from accounts import views
from accounts.views import idle, retention

app_name = "accounts"

urlpatterns = [
    path("roles/", views.show_permissions, name="permissions"),
    path("retention/", retention.show_retention, name="retention"),
    path("retention/<slug:code>/", retention.change_period, name="retention_period"),
    path("retention/holds/new/", retention.new_hold, name="new_hold"),
    path("retention/holds/<uuid:retention_hold_id>/release/", retention.end_hold, name="end_hold"),
    path("api-access/", views.api_access, name="api_access"),
    path("api-access/<str:client_id>/remove/", views.remove_access, name="remove_access"),
    path("identity/o/api/token", views.token, name="token"),
    path("audit/", views.show_audit, name="audit"),
    path("audit/download/", views.download_audit, name="download_audit"),
    path("readings/", views.show_readings, name="readings"),
    path("session/", idle.time_left, name="time_left"),
    path("session/stay/", idle.stay_signed_in, name="stay_signed_in"),
    path("session/end/", idle.end_session, name="end_session"),
    path("act-for/", views.change_hat, name="change_hat"),
]
