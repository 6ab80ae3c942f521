"""What the tablet's endpoints take and give: docs/tablet-sync.md."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from typing import Any

from rest_framework import serializers

from cafes.sealed_records import Envelope
from cafes.services.tablet_records import Answer, Incoming, Manifest, Message
from cafes.services.tablets import Enrolment

MOST_RECORDS = 100
MOST_RANGES = 10_000
_LARGEST_NUMBER = 2**31 - 1
_LONGEST = {"key": 100, "iv": 20, "data": 50_000}
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile("^[A-Za-z0-9_-]{43}$")
_ENVELOPE = {name: re.compile(f"[A-Za-z0-9_-]{{1,{most}}}") for name, most in _LONGEST.items()}


class EnvelopeInput(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=_LONGEST["key"])
    iv = serializers.CharField(max_length=_LONGEST["iv"])
    data = serializers.CharField(max_length=_LONGEST["data"])  # type: ignore[assignment]


class RecordInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField(min_value=1, max_value=_LARGEST_NUMBER)
    hash = serializers.RegexField(_HASH.pattern)
    envelope = EnvelopeInput()


class RecordsInput(serializers.ListField):
    """Records, read by hand where they are as every tablet writes them: an eighth of a message's time went into fields.

    Anything else goes through the serializer, which takes what may be taken and says what is wrong, and where.
    """

    child = RecordInput()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list) and len(data) <= MOST_RECORDS:
            with suppress(KeyError, TypeError, ValueError):
                return [_read_record(given) for given in data]
        return super().to_internal_value(data)


def _read_record(given: dict[str, Any]) -> dict[str, Any]:
    """KeyError, TypeError or ValueError for anything out of the ordinary."""
    number, envelope = given["number"], given["envelope"]
    if type(number) is not int or not 1 <= number <= _LARGEST_NUMBER:
        raise ValueError
    return {
        "id": uuid.UUID(_match(_ID, given["id"])),
        "number": number,
        "hash": _match(_HASH, given["hash"]),
        "envelope": {name: _match(pattern, envelope[name]) for name, pattern in _ENVELOPE.items()},
    }


def _match(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError
    return value


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
    records = RecordsInput(max_length=MOST_RECORDS)

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
