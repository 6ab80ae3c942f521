from django.urls import path

from reports import views
from reports.api.activity import ActivityView
from reports.api.schema import openapi
from reports.views import coverage, months

app_name = "reports"

urlpatterns = [
    path("figures/", views.show_figures, name="figures"),
    path("figures/activity.csv", views.download_figures, name="download_figures"),
    path("coverage/", coverage.show_coverage, name="coverage"),
    path("coverage/coverage.csv", coverage.download_coverage, name="download_coverage"),
    path("months/", months.list_months, name="months"),
    path("months/<uuid:provider_id>/<str:month>/", months.show_month, name="month"),
    path("months/<uuid:provider_id>/<str:month>/lock/", months.lock, name="lock_month"),
    path("api/v1/activity", ActivityView.as_view(), name="api_activity"),
    path("api/v1/openapi.yaml", openapi, name="openapi"),
]
