"""A tablet's recovery share: deposited by it, and given back once when somebody was allowed a new PIN."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.views import ScopedView
from cafes.api.authentication import Device, EnrolledTablet
from cafes.api.tablet import TabletThrottle
from cafes.permissions import RECOVER_TABLET
from cafes.sealed_records import from_text, to_text
from cafes.services.tablet_recovery import give_share, keep_share

_IV_BYTES, _DATA_BYTES = 12, 48  # a key of 32 bytes, and the tag
_PROBLEMS = dict.fromkeys([400, 401, 403, 422, 429, 503], OpenApiResponse(description="A problem (RFC 9457)."))


class ShareInput(serializers.Serializer[Any]):
    """``recoveryShare`` of static/tablet/keys.ts, each part base64url."""

    iv = serializers.CharField(max_length=20)
    data = serializers.CharField(max_length=100)  # type: ignore[assignment]

    def validate_iv(self, value: str) -> bytes:
        return _exactly(value, _IV_BYTES)

    def validate_data(self, value: str) -> bytes:
        return _exactly(value, _DATA_BYTES)


class RecoveryOutput(serializers.Serializer[Any]):
    iv = serializers.CharField()
    data = serializers.CharField()  # type: ignore[assignment]
    user_id = serializers.UUIDField()
    name = serializers.CharField()


class DepositView(ScopedView):
    """Keeps the data key of this tablet under its device key, which the server does not have. Deposit it as often as
    wanted: the last one counts."""

    authentication_classes = (EnrolledTablet,)
    permissions = (RECOVER_TABLET,)
    throttle_classes = (TabletThrottle,)

    @extend_schema(
        operation_id="tablet_deposit_share",
        request=ShareInput,
        responses={204: OpenApiResponse(description="It is kept."), **_PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        given = ShareInput(data=request.data)
        given.is_valid(raise_exception=True)
        device: Device = self.principal  # type: ignore[assignment]
        share = given.validated_data["iv"] + given.validated_data["data"]
        keep_share(tablet_id=device.tablet.id, share=share, by=device.actor, now=timezone.now())
        return Response(status=204)


class RecoverView(ScopedView):
    """Gives the share back once, within 15 minutes of somebody's having allowed one person a new PIN; else 422."""

    authentication_classes = (EnrolledTablet,)
    permissions = (RECOVER_TABLET,)
    throttle_classes = (TabletThrottle,)

    @extend_schema(operation_id="tablet_recover", request=None, responses={200: RecoveryOutput, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        device: Device = self.principal  # type: ignore[assignment]
        recovery = give_share(tablet_id=device.tablet.id, by=device.actor, now=timezone.now())
        answer = {
            "iv": to_text(recovery.share[:_IV_BYTES]),
            "data": to_text(recovery.share[_IV_BYTES:]),
            "user_id": str(recovery.user_id),
            "name": recovery.name,
        }
        return Response(answer, headers={"Cache-Control": "no-store"})


def _exactly(written: str, length: int) -> bytes:
    try:
        value = from_text(written)
    except ValueError as error:
        raise serializers.ValidationError("This must be base64url.") from error
    if len(value) != length:
        raise serializers.ValidationError(f"This must be {length} bytes.")
    return value
