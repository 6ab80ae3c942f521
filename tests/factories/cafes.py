from __future__ import annotations

import hashlib
import itertools
import uuid
from datetime import date, time
from typing import Any

from cafes.models import (
    Cafe,
    CafeStatus,
    OpeningPattern,
    OwnService,
    ReturnCheck,
    ReturnContent,
    ReturnFile,
    Session,
    SharedService,
    Visit,
    Visitor,
    VisitorReference,
)
from providers.models import Provider
from tests.factories.scoped import acting_for, acting_for_trust

_numbers = itertools.count(1)


def make_cafe(
    *,
    provider: Provider,
    name: str = "",
    neighbourhood_code: str = "LEI01",
    local_authority_code: str = "E06000016",
    **fields: Any,
) -> Cafe:
    with acting_for(provider):
        return Cafe.objects.create(
            **fields,
            provider=provider,
            name=name or f"Café {next(_numbers)}",
            neighbourhood_id=neighbourhood_code,
            local_authority_id=local_authority_code,
        )


def make_cafe_status(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> CafeStatus:
    cafe = cafe or make_cafe(provider=provider)
    values = {"state": CafeStatus.State.OPEN, "since": date(2024, 1, 1), **fields}
    with acting_for(provider):
        return CafeStatus.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_opening_pattern(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> OpeningPattern:
    cafe = cafe or make_cafe(provider=provider)
    values = {"weekday": 2, "opens": time(17), "closes": time(21), "since": date(2024, 1, 1), **fields}
    with acting_for(provider):
        return OpeningPattern.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_session(
    *, provider: Provider, cafe: Cafe | None = None, held_on: date = date(2024, 4, 2), **fields: Any
) -> Session:
    cafe = cafe or make_cafe(provider=provider)
    with acting_for(provider):
        return Session.objects.create(provider=provider, cafe_id=cafe.id, held_on=held_on, **fields)


def make_visitor(*, provider: Provider, cafe: Cafe | None = None) -> Visitor:
    cafe = cafe or make_cafe(provider=provider)
    with acting_for(provider):
        return Visitor.objects.create(provider=provider, cafe_id=cafe.id)


def make_visitor_reference(
    *, provider: Provider, visitor: Visitor | None = None, written: str = "REF001"
) -> VisitorReference:
    visitor = visitor or make_visitor(provider=provider)
    digest = hashlib.sha256(written.encode()).digest()
    with acting_for(provider):
        return VisitorReference.objects.create(
            provider=provider, cafe_id=visitor.cafe_id, visitor_id=visitor.id, digest=digest
        )


def make_visit(*, provider: Provider, session: Session | None = None, **fields: Any) -> Visit:
    session = session or make_session(provider=provider)
    values = {"client_uuid": uuid.uuid4(), "ethnic_category": "99", "reasons": ["Anxiety"], **fields}
    with acting_for(provider):
        return Visit.objects.create(
            provider=provider,
            session_id=session.id,
            cafe_id=session.cafe_id,
            visited_on=session.held_on,
            **values,
        )


def make_return_file(*, provider: Provider, quarter: str = "2024-Q1", **fields: Any) -> ReturnFile:
    values = {
        "filename": "return.xlsx",
        "size": 1,
        "sha256": "0" * 64,
        "state": ReturnFile.State.CHECKED,
        "uploaded_by": "job:tests",
        **fields,
    }
    with acting_for(provider):
        return ReturnFile.objects.create(provider=provider, quarter=quarter, **values)


def make_return_content(
    *, provider: Provider, return_file: ReturnFile | None = None, content: bytes = b"x"
) -> ReturnContent:
    return_file = return_file or make_return_file(provider=provider)
    with acting_for(provider):
        return ReturnContent.objects.create(provider=provider, return_file_id=return_file.id, content=content)


def make_return_check(*, provider: Provider, return_file: ReturnFile | None = None, **fields: Any) -> ReturnCheck:
    return_file = return_file or make_return_file(provider=provider)
    with acting_for(provider):
        return ReturnCheck.objects.create(provider=provider, return_file_id=return_file.id, **fields)


def make_own_service(*, provider: Provider, **fields: Any) -> OwnService:
    with acting_for(provider):
        return OwnService.objects.create(provider=provider, **_service_values(fields))


def make_shared_service(**fields: Any) -> SharedService:
    with acting_for_trust():
        return SharedService.objects.create(**_service_values(fields))


def _service_values(fields: dict[str, Any]) -> dict[str, Any]:
    values = {
        "name": f"Service {next(_numbers)}",
        "kind": "debt",
        "what_for": "Free advice about debts.",
        "phone": "01632 960001",
        "checked_on": date(2026, 1, 1),
        "checked_by": "job:tests",
    }
    return {**values, **fields}
