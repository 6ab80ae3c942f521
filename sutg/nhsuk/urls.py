"""The public pages that every page's footer leads to."""

from django.urls import path

from sutg.nhsuk import views

app_name = "nhsuk"

urlpatterns = [
    path("accessibility-statement/", views.accessibility_statement, name="accessibility-statement"),
    path("privacy/", views.privacy, name="privacy"),
]
