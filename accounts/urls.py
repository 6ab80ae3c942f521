from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("roles/", views.show_permissions, name="permissions"),
    path("api-access/", views.api_access, name="api_access"),
    path("api-access/<str:client_id>/remove/", views.remove_access, name="remove_access"),
    path("identity/o/api/token", views.token, name="token"),
    path("act-for/", views.change_hat, name="change_hat"),
]
