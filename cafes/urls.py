from django.urls import path

from cafes import views
from cafes.views import community_services, incidents

app_name = "cafes"

_ONE = "returns/<uuid:provider_id>/<uuid:return_file_id>/"

_INCIDENT = "incidents/<uuid:incident_id>/"
_OWN_SERVICE = "services/own/<uuid:own_service_id>/"
_SHARED_SERVICE = "services/shared/<uuid:shared_service_id>/"

urlpatterns = [
    path("incidents/", incidents.list_incidents, name="incidents"),
    path("incidents/new/", incidents.raise_new, name="raise_incident"),
    path(_INCIDENT, incidents.show, name="incident"),
    path(_INCIDENT + "take/", incidents.acknowledge, name="acknowledge_incident"),
    path(_INCIDENT + "note/", incidents.add_note, name="add_incident_note"),
    path(_INCIDENT + "close/", incidents.close, name="close_incident"),
    path("services/", community_services.list_services, name="services"),
    path("services/new/", community_services.add, name="add_service"),
    path(_OWN_SERVICE, community_services.edit_own, name="edit_own_service"),
    path(_OWN_SERVICE + "checked/", community_services.confirm_own, name="confirm_own_service"),
    path(_OWN_SERVICE + "end/", community_services.end_own, name="end_own_service"),
    path(_SHARED_SERVICE, community_services.edit_shared, name="edit_shared_service"),
    path(_SHARED_SERVICE + "checked/", community_services.confirm_shared, name="confirm_shared_service"),
    path(_SHARED_SERVICE + "end/", community_services.end_shared, name="end_shared_service"),
    path("returns/", views.list_returns, name="returns"),
    path("returns/new/", views.upload_return, name="upload_return"),
    path(_ONE, views.show_return, name="return"),
    path(_ONE + "progress/", views.return_progress, name="return_progress"),
    path(_ONE + "cafes/", views.name_cafes_of, name="name_cafes"),
    path(_ONE + "load/", views.load, name="load_return"),
    path(_ONE + "discard/", views.discard, name="discard_return"),
]
