"""What the tablet's endpoints take and give: docs/tablet-sync.md."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cafes.sealed_records import Envelope
from cafes.services.tablet_records import Answer, Incoming, Manifest, Message
from cafes.services.tablets import Enrolment

MOST_RECORDS = 100
MOST_RANGES = 10_000
_LARGEST_NUMBER = 2**31 - 1
_HASH = r"^[A-Za-z0-9_-]{43}$"


class EnvelopeInput(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=100)
    iv = serializers.CharField(max_length=20)
    data = serializers.CharField(max_length=50_000)  # type: ignore[assignment]


class RecordInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(min_value=1, max_value=_LARGEST_NUMBER)
    hash = serializers.RegexField(_HASH)
    envelope = EnvelopeInput()


class ManifestInput(serializers.Serializer[Any]):
    last_number = serializers.IntegerField(min_value=0, max_value=_LARGEST_NUMBER)
    held = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=1, max_value=_LARGEST_NUMBER), min_length=2, max_length=2
        ),
        max_length=MOST_RANGES,
    )
    oldest_saved_at = serializers.DateTimeField(allow_null=True)

    def validate_held(self, held: list[list[int]]) -> list[list[int]]:
        if any(first > last for first, last in held):
            msg = "A range begins before it ends."
            raise serializers.ValidationError(msg)
        return held


class SyncInput(serializers.Serializer[Any]):
    protocol = serializers.ChoiceField(choices=[1])
    sent_at = serializers.DateTimeField()
    app_version = serializers.CharField(max_length=40)
    is_persistent = serializers.BooleanField()
    manifest = ManifestInput()
    records = serializers.ListField(child=RecordInput(), max_length=MOST_RECORDS)

    def message(self) -> Message:
        """The message, once it is valid."""
        given = self.validated_data
        manifest = given["manifest"]
        return Message(
            given["sent_at"],
            given["app_version"],
            given["is_persistent"],
            Manifest(
                manifest["last_number"],
                tuple((first, last) for first, last in manifest["held"]),
                manifest["oldest_saved_at"],
            ),
            tuple(
                Incoming(each["id"], each["number"], each["hash"], Envelope(**each["envelope"]))
                for each in given["records"]
            ),
        )


class ReceiptOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    hash = serializers.CharField()
    received_at = serializers.CharField()
    mac = serializers.CharField()


class TakenOutput(serializers.Serializer[Any]):
    receipt = ReceiptOutput()
    reason = serializers.CharField(required=False)


class SyncOutput(serializers.Serializer[Any]):
    results = TakenOutput(many=True)
    missing = serializers.ListField(child=serializers.IntegerField())


class EnrolInput(serializers.Serializer[Any]):
    link = serializers.CharField(max_length=200)


class EnrolOutput(serializers.Serializer[Any]):
    device_id = serializers.UUIDField()
    cafe_id = serializers.UUIDField()
    cafe_name = serializers.CharField()
    token = serializers.CharField()
    server_key = serializers.CharField()
    receipt_key = serializers.CharField()


def answer_of(answer: Answer) -> dict[str, Any]:
    """The answer to a message. Written here: a hundred receipts are a hundred serializers too many."""
    return {
        "results": [
            {
                "receipt": {
                    "id": str(taken.receipt.id),
                    "hash": taken.receipt.hash,
                    "received_at": taken.receipt.received_at,
                    "mac": taken.receipt.mac,
                },
                **({"reason": taken.reason} if taken.reason else {}),
            }
            for taken in answer.results
        ],
        "missing": list(answer.missing),
    }


def enrolment_of(enrolment: Enrolment) -> dict[str, Any]:
    tablet = enrolment.tablet
    return {
        "device_id": str(tablet.id),
        "cafe_id": str(tablet.cafe_id),
        "cafe_name": tablet.cafe.name,
        "token": enrolment.token,
        "server_key": enrolment.server_key,
        "receipt_key": enrolment.receipt_key,
    }
