from django.urls import path

from accounts.web import public
from cafes import views
from cafes.api.tablet import EnrolView, SyncView, TodayView
from cafes.api.tablet_recovery import DepositView, RecoverView
from cafes.views import (
    cafe_moves,
    cafes,
    community_services,
    incidents,
    openings,
    sessions,
    tablet_app,
    tablet_files,
    tablet_records,
    tablets,
    visitor_merges,
    visits,
)

app_name = "cafes"

_ONE = "returns/<uuid:provider_id>/<uuid:return_file_id>/"

_INCIDENT = "incidents/<uuid:incident_id>/"
_TABLET = "tablets/<uuid:tablet_id>/"
_TABLET_RECORD = "tablets/records/<uuid:tablet_record_id>/"
_OWN_SERVICE = "services/own/<uuid:own_service_id>/"
_SHARED_SERVICE = "services/shared/<uuid:shared_service_id>/"

_CAFE = "cafes/<uuid:provider_id>/<uuid:cafe_id>/"
_OPENING = _CAFE + "openings/<uuid:opening_pattern_id>/"
_SESSION = _CAFE + "sessions/<uuid:session_id>/"

_AT_DESK = "sessions/<uuid:session_id>/"
_VISIT = _AT_DESK + "visits/<uuid:visit_id>/"

urlpatterns = [
    path("cafes/", cafes.list_cafes, name="cafes"),
    path("cafes/new/", cafes.propose, name="propose_cafe"),
    path(_CAFE, cafes.show_cafe, name="cafe"),
    path(_CAFE + "edit/", cafes.edit_cafe, name="edit_cafe"),
    path(_CAFE + "name/", cafes.rename, name="rename_cafe"),
    path(_CAFE + "address/", cafes.move, name="move_cafe"),
    path(_CAFE + "points/new/", cafes.add_point, name="add_delivery_point"),
    path(_CAFE + "points/<uuid:cafe_address_id>/end/", cafes.end_point, name="end_delivery_point"),
    path(_CAFE + "approve/", cafe_moves.approve, name="approve_cafe"),
    path(_CAFE + "open/", cafe_moves.open_, name="open_cafe"),
    path(_CAFE + "pause/", cafe_moves.pause, name="pause_cafe"),
    path(_CAFE + "close/", cafe_moves.close, name="close_cafe"),
    path(_CAFE + "call-off/", cafe_moves.call_off, name="call_off_move"),
    path(_CAFE + "calendar/", cafes.show_calendar, name="calendar"),
    path(_CAFE + "openings/new/", openings.add_opening, name="add_opening"),
    path(_OPENING, openings.edit_opening, name="change_opening"),
    path(_OPENING + "end/", openings.finish_opening, name="end_opening"),
    path(_CAFE + "days/close/", openings.close_day, name="close_day"),
    path(_CAFE + "days/times/", openings.other_times, name="other_times"),
    path(_CAFE + "days/<uuid:opening_exception_id>/as-usual/", openings.as_usual, name="open_as_usual"),
    path(_CAFE + "sessions/new/", openings.add_planned, name="add_session"),
    path(_SESSION + "cancel/", openings.cancel, name="cancel_session"),
    path(_SESSION + "restore/", openings.restore, name="restore_session"),
    path("sessions/", sessions.list_today, name="sessions"),
    path("sessions/held/", sessions.list_held, name="sessions_held"),
    path("sessions/codes/", visitor_merges.join, name="join_codes"),
    path("sessions/codes/<uuid:visitor_merge_id>/part/", visitor_merges.part, name="part_codes"),
    path("sessions/open/", sessions.choose_cafe, name="choose_cafe"),
    path("sessions/open/<uuid:cafe_id>/", sessions.open_now, name="open_now"),
    path(_AT_DESK, sessions.show_session, name="session"),
    path(_AT_DESK + "open/", sessions.open_planned, name="open_session"),
    path(_AT_DESK + "on-duty/", sessions.change_duty, name="change_duty"),
    path(_AT_DESK + "close/", sessions.close, name="close_session"),
    path(_AT_DESK + "visits/new/", visits.record_new, name="record_visit"),
    path(_VISIT, visits.show_visit, name="visit"),
    path(_AT_DESK + "differing/<uuid:differing_visit_id>/", visits.settle, name="settle_difference"),
    path(_VISIT + "withdraw/", visits.withdraw, name="withdraw_visit"),
    path("incidents/", incidents.list_incidents, name="incidents"),
    path("incidents/new/", incidents.raise_new, name="raise_incident"),
    path(_INCIDENT, incidents.show, name="incident"),
    path(_INCIDENT + "take/", incidents.acknowledge, name="acknowledge_incident"),
    path(_INCIDENT + "note/", incidents.add_note, name="add_incident_note"),
    path(_INCIDENT + "close/", incidents.close, name="close_incident"),
    path("tablets/", tablets.list_tablets, name="tablets"),
    path("tablets/new/", tablets.add, name="add_tablet"),
    path(_TABLET, tablets.show, name="tablet"),
    path(_TABLET + "code/", tablets.show_code, name="tablet_code"),
    path(_TABLET + "new-pin/", tablets.allow_pin, name="allow_new_pin"),
    path(_TABLET + "file/", tablet_files.load, name="load_tablet_file"),
    path(_TABLET + "end/", tablets.revoke, name="revoke_tablet"),
    path(_TABLET_RECORD, tablet_records.show, name="tablet_record"),
    path(_TABLET_RECORD + "again/", tablet_records.try_again, name="try_tablet_record"),
    path(_TABLET_RECORD + "stands/", tablet_records.stands, name="let_tablet_record_stand"),
    path(_TABLET_RECORD + "take-up/", tablet_records.take_up, name="take_up_tablet_record"),
    path(_TABLET_RECORD + "aside/", tablet_records.put_aside, name="set_tablet_record_aside"),
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
    path("tablet/", public(tablet_app.show_app), name="tablet_app"),
    path("tablet/sw.js", public(tablet_app.worker), name="tablet_app_worker"),
    path("tablet/manifest.webmanifest", public(tablet_app.web_manifest), name="tablet_app_manifest"),
    path("api/v1/tablet/enrol", EnrolView.as_view(), name="api_tablet_enrol"),
    path("api/v1/tablet/today", TodayView.as_view(), name="api_tablet_today"),
    path("api/v1/tablet/recovery-share", DepositView.as_view(), name="api_tablet_deposit"),
    path("api/v1/tablet/recover", RecoverView.as_view(), name="api_tablet_recover"),
    path("api/v1/tablet/sync", SyncView.as_view(), name="api_tablet_sync"),
]
