"""Enrolling a tablet, telling it of its café, and taking in what it recorded."""

from __future__ import annotations

from django.db import transaction
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from accounts.api.views import ScopedView
from accounts.web import PUBLIC
from cafes.api.authentication import Device, EnrolledTablet
from cafes.api.day_serializers import TodayOutput, TodayQuery, today_of
from cafes.api.serializers import EnrolInput, EnrolOutput, SyncInput, SyncOutput, answer_of, enrolment_of
from cafes.permissions import SEE_TABLET_DAY, SYNC_TABLET
from cafes.selectors.tablets import tablet_day
from cafes.services.tablet_records import take_in
from cafes.services.tablets import ENROLMENT, enrol_tablet
from sutg.common.api.etags import answer_unless_known
from sutg.common.errors import DomainError
from sutg.common.links import read_link
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, ActorKind, Scope

_PROBLEM = OpenApiResponse(description="A problem (RFC 9457).")


class TabletThrottle(UserRateThrottle):
    """For each tablet. An evening of two thousand records is twenty messages."""

    scope = "tablet"


class EnrolThrottle(AnonRateThrottle):
    scope = "enrolment"


class SyncView(ScopedView):
    """Takes in records of a tablet and gives a receipt for each; the same message again has the same answer.

    A record is identified by its id and hash. There is no conflict: two contents under one id are both kept, and what
    cannot be applied is kept and comes back with a ``reason``. ``missing`` numbers neither arrived nor are held.
    """

    authentication_classes = (EnrolledTablet,)
    permissions = (SYNC_TABLET,)
    throttle_classes = (TabletThrottle,)

    @extend_schema(
        operation_id="tablet_sync",
        request=SyncInput,
        responses={200: SyncOutput, 400: _PROBLEM, **dict.fromkeys([401, 403, 429, 503], _PROBLEM)},
    )
    def post(self, request: Request) -> Response:
        given = SyncInput(data=request.data)
        given.is_valid(raise_exception=True)
        device: Device = self.principal  # type: ignore[assignment]
        answer = take_in(tablet_id=device.tablet.id, message=given.message(), by=device.actor, now=timezone.now())
        return Response(answer_of(answer))


class TodayView(ScopedView):
    """What a tablet keeps so that its café can open without a connection: no visitor, and nothing of a visit.

    ``records`` are those of this tablet that need a person, and those that people settled since ``since``.
    """

    authentication_classes = (EnrolledTablet,)
    permissions = (SEE_TABLET_DAY,)
    throttle_classes = (TabletThrottle,)

    @extend_schema(
        operation_id="tablet_today",
        parameters=[
            TodayQuery,
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="An ETag got before."),
        ],
        responses={
            200: TodayOutput,
            304: OpenApiResponse(description="Nothing has changed since the ETag was given."),
            **dict.fromkeys([400, 401, 403, 429, 503], _PROBLEM),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        query = TodayQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        device: Device = self.principal  # type: ignore[assignment]
        now = timezone.now()
        day = tablet_day(tablet_id=device.tablet.id, since=query.validated_data.get("since"), now=now)
        response = answer_unless_known(request, today_of(day, now), passing=("server_time", "settled_until"))
        response.headers["Cache-Control"] = "no-store"
        return response


class EnrolView(APIView):
    """Exchanges the link that a manager shows for the tablet's token and keys, once."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    permissions = PUBLIC
    throttle_classes = (EnrolThrottle,)

    @extend_schema(
        operation_id="tablet_enrol",
        request=EnrolInput,
        responses={200: EnrolOutput, 400: _PROBLEM, 422: _PROBLEM, 429: _PROBLEM},
    )
    def post(self, request: Request) -> Response:
        given = EnrolInput(data=request.data)
        given.is_valid(raise_exception=True)
        link = read_link(ENROLMENT, given.validated_data["link"])
        if link is None or link.provider_id is None:
            raise DomainError("This link was used or has run out. Ask for a new one.")
        device = Actor(ActorKind.DEVICE, str(link.row_id))
        with scopes.enter(Scope.provider(device, link.provider_id)), transaction.atomic():
            answer = enrolment_of(enrol_tablet(link=link, now=timezone.now()))
        response = Response(answer)
        response.headers["Cache-Control"] = "no-store"
        return response
