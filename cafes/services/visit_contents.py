"""What an entry says, as bytes: to tell a repeat from something else, and to keep the latter.

Two entries that say the same are the same bytes, in whatever order codes were clicked and however a code was spaced.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import asdict
from datetime import time
from typing import Any

from cafes.codes import Helped, Reason
from cafes.demographics import Answers
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, VisitChange, VisitEntry, Who
from sutg.privacy.provider_keys import provider_key

# Place of each code in its list, looked up for every visit of a batch: Django makes such a list anew at each mention.
_REASONS, _HELPED = ({code: place for place, code in enumerate(codes.values)} for codes in (Reason, Helped))
_NO_ANSWERS = Answers()
_NOT_ASKED = asdict(_NO_ANSWERS.as_stored())
_PLAIN = ("came_for", "route_in", "outcome", "alternative", "distress_before", "distress_after")


def content_key(provider_id: uuid.UUID) -> bytes:
    """The provider's key for digests of contents: return codes are short, and a plain hash of one could be guessed."""
    return provider_key(provider_id, "visit content")


def content_of(entry: VisitEntry) -> bytes:
    facts = entry.particulars
    written = {
        "session": str(entry.session_id),
        "who": _written_who(entry.who),
        **{name: getattr(facts, name) for name in _PLAIN},
        "reasons": _ordered(facts.reasons, _REASONS),
        "helped": _ordered(facts.helped, _HELPED),
        "support": sorted([given.kind, given.minutes or 0] for given in facts.support),
        "signposted": sorted(str(service_id) for service_id in facts.signposted or ()),
        "arrived_at": facts.arrived_at.isoformat() if facts.arrived_at else "",
        "answers": _NOT_ASKED if entry.answers == _NO_ANSWERS else asdict(entry.answers.as_stored()),
    }
    return json.dumps(written, sort_keys=True, separators=(",", ":")).encode()


def digest_of_content(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)


def change_from(content: bytes) -> VisitChange:
    """The change by which a visit would say what ``content`` says."""
    said = json.loads(content)
    particulars = Particulars(
        **{name: said[name] for name in _PLAIN},
        reasons=tuple(said["reasons"]),
        helped=tuple(said["helped"]),
        support=tuple(SupportGiven(kind, minutes or None) for kind, minutes in said["support"]),
        signposted=tuple(map(uuid.UUID, said["signposted"])),
        arrived_at=time.fromisoformat(said["arrived_at"]) if said["arrived_at"] else None,
    )
    answers = said["answers"]
    return VisitChange(
        particulars, Answers(**answers | {"disability": tuple(answers["disability"])}), _read_who(said["who"])
    )


def _ordered(codes: tuple[str, ...], known: dict[str, int]) -> list[str]:
    """In the order of the list; what it does not know comes last, and is refused elsewhere."""
    return sorted(set(codes), key=lambda code: (known.get(code, len(known)), code))


def _written_who(who: Who) -> list[str]:
    match who:
        case ReturnCode(code):
            return ["code", " ".join(code.split()).upper()]
        case Named(name, contact, visitor_id):
            return ["named", " ".join(name.split()), contact.strip(), str(visitor_id or "")]
    return ["anonymous"]


def _read_who(written: list[Any]) -> Who:
    match written:
        case ["code", code]:
            return ReturnCode(code)
        case ["named", name, contact, visitor_id]:
            return Named(name, contact, uuid.UUID(visitor_id) if visitor_id else None)
    return Anonymous()
