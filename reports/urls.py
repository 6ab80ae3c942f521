from django.urls import path

from reports.api.activity import ActivityView
from reports.api.schema import openapi

app_name = "reports"

urlpatterns = [
    path("api/v1/activity", ActivityView.as_view(), name="api_activity"),
    path("api/v1/openapi.yaml", openapi, name="openapi"),
]
