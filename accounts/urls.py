from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("roles/", views.show_permissions, name="permissions"),
    path("act-for/", views.change_hat, name="change_hat"),
]
