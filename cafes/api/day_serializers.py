"""What a tablet is told of its café: docs/tablet-sync.md, *What a tablet knows of its café*."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from cafes import tablet_choices
from cafes.models import Session, TabletRecord
from cafes.selectors.community_services import Service
from cafes.selectors.tablets import TabletDay
from cafes.urgent_help import NUMBERS

# The oldest app that still says everything that is asked today. What an older one recorded is taken in all the same.
OLDEST_APP = "0.1.0"


class TodayQuery(serializers.Serializer[Any]):
    since = serializers.DateTimeField(required=False, help_text="“settled_until” of an earlier answer, as it was.")


class DayCafeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    provider_name = serializers.CharField()


class DaySessionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    held_on = serializers.DateField()
    opens = serializers.TimeField(allow_null=True)
    closes = serializers.TimeField(allow_null=True)
    state = serializers.ChoiceField(choices=Session.State.values)


class DayPersonOutput(serializers.Serializer[Any]):
    user_id = serializers.UUIDField()
    membership_id = serializers.UUIDField()
    name = serializers.CharField()
    is_lead = serializers.BooleanField()
    is_manager = serializers.BooleanField()


class DayQuestionOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    text = serializers.CharField()
    many = serializers.BooleanField()  # type: ignore[assignment]
    alone = serializers.ListField(child=serializers.CharField())
    declined = serializers.CharField()
    options = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class DayChoicesOutput(serializers.Serializer[Any]):
    version = serializers.CharField()
    most = serializers.DictField(child=serializers.IntegerField())
    visit = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    )
    questions = DayQuestionOutput(many=True)


class DayServiceOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()
    what_for = serializers.CharField()
    phone = serializers.CharField()
    website = serializers.CharField()
    address = serializers.CharField()
    when_open = serializers.CharField()


class DayNumberOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    number = serializers.CharField()
    when = serializers.CharField()


class DayRecordOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    hash = serializers.CharField()
    state = serializers.ChoiceField(choices=TabletRecord.State.values)
    reason = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)


class TodayOutput(serializers.Serializer[Any]):
    server_time = serializers.DateTimeField()
    oldest_app = serializers.CharField()
    cafe = DayCafeOutput()
    sessions = DaySessionOutput(many=True)
    people = DayPersonOutput(many=True)
    choices = DayChoicesOutput()
    services = DayServiceOutput(many=True)
    urgent_help = DayNumberOutput(many=True)
    records = DayRecordOutput(many=True)
    settled_until = serializers.DateTimeField()


def today_of(day: TabletDay, now: datetime) -> dict[str, Any]:
    """The answer, in plain values: its ETag is of them."""
    cafe = day.cafe
    return {
        "server_time": now.isoformat(),
        "oldest_app": OLDEST_APP,
        "cafe": {"id": str(cafe.id), "name": cafe.name, "provider_name": cafe.provider.name},
        "sessions": [_session(session) for session in day.sessions],
        "people": [
            {
                "user_id": str(person.user_id),
                "membership_id": str(person.membership_id),
                "name": person.name,
                "is_lead": person.is_lead,
                "is_manager": person.is_manager,
            }
            for person in day.people
        ],
        "choices": {"version": tablet_choices.version(), **tablet_choices.content()},
        "services": [_service(service) for service in day.services],
        "urgent_help": [{"name": each.name, "number": each.number, "when": each.when} for each in NUMBERS],
        "records": [_record(row) for row in day.records],
        "settled_until": day.settled_until.isoformat(),
    }


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": str(session.id),
        "held_on": session.held_on.isoformat(),
        "opens": session.opens and session.opens.isoformat(),
        "closes": session.closes and session.closes.isoformat(),
        "state": session.state,
    }


def _service(service: Service) -> dict[str, str]:
    return {
        "id": str(service.id),
        "name": service.name,
        "kind": service.get_kind_display(),
        "what_for": service.what_for,
        "phone": service.phone,
        "website": service.website,
        "address": service.address,
        "when_open": service.when_open,
    }


def _record(row: TabletRecord) -> dict[str, Any]:
    return {
        "id": str(row.record_id),
        "hash": row.hash,
        "state": row.state,
        "reason": row.reason,
        "settled_at": row.settled_at and row.settled_at.isoformat(),
    }
