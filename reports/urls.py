from django.urls import path

from reports import views
from reports.api.activity import ActivityView
from reports.api.schema import openapi

app_name = "reports"

urlpatterns = [
    path("figures/", views.show_figures, name="figures"),
    path("figures/activity.csv", views.download_figures, name="download_figures"),
    path("api/v1/activity", ActivityView.as_view(), name="api_activity"),
    path("api/v1/openapi.yaml", openapi, name="openapi"),
]
