from django.urls import path

from cafes import views

app_name = "cafes"

_ONE = "returns/<uuid:provider_id>/<uuid:return_file_id>/"

urlpatterns = [
    path("returns/", views.list_returns, name="returns"),
    path("returns/new/", views.upload_return, name="upload_return"),
    path(_ONE, views.show_return, name="return"),
    path(_ONE + "progress/", views.return_progress, name="return_progress"),
    path(_ONE + "cafes/", views.name_cafes_of, name="name_cafes"),
    path(_ONE + "load/", views.load, name="load_return"),
    path(_ONE + "discard/", views.discard, name="discard_return"),
]
