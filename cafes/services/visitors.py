"""Finding or adding whoever came: by return code, or by name where the visitor wants one. For any number at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils import timezone

from cafes.entries import Anonymous, Named, ReturnCode, Who
from cafes.models import Demographics, Visit, Visitor, VisitorIdentity, VisitorReference
from cafes.references import digest_of, name_key, reference_key
from cafes.selectors.visitor_merges import persons_of
from sutg.common.errors import DomainError
from sutg.common.ids import new_id
from sutg.tenancy.bulk import Column, insert_rows
from sutg.tenancy.scope import Actor

Digest = tuple[uuid.UUID, bytes]


class Visitors:
    """Visitors of one provider, looked up together and handed out one by one.

    Made for everybody who may be asked for: (café, who) of each. The cafés are held (cafes.services.holding), so that
    two services do not add one visitor twice; where a return is loaded meanwhile, the database decides.
    """

    def __init__(
        self, provider_id: uuid.UUID, asked: Iterable[tuple[uuid.UUID, Who | None]], *, by: Actor, now: datetime
    ) -> None:
        self.provider_id, self.by, self.now = provider_id, by, now
        asked = list(asked)
        codes = [(cafe_id, who.code) for cafe_id, who in asked if isinstance(who, ReturnCode)]
        key = reference_key(provider_id) if codes else b""
        self._digests = {(cafe_id, code): digest_of(key, cafe_id, code) for cafe_id, code in codes}
        self._by_digest = self._known({(cafe_id, digest) for (cafe_id, _), digest in self._digests.items()})
        named = [who for _, who in asked if isinstance(who, Named)]
        self._identities = {
            identity.visitor_id: identity
            for identity in VisitorIdentity.objects.filter(visitor_id__in=[w.visitor_id for w in named if w.visitor_id])
        }
        self._name_key = name_key(provider_id) if named else b""
        self._new_visitors: list[Visitor] = []
        self._new_references: list[Digest] = []
        self._new_identities: list[VisitorIdentity] = []
        # Visitor → the person they are, where return codes were joined; somebody new is a person of their own.
        self._persons = persons_of({*self._by_digest.values(), *self._identities})
        self.have_visited = self._with_visits(self._persons)
        # What visitors said of themselves, by whose it is: of a visitor, or of a visit of somebody anonymous.
        self.demographics = self._asked_before()
        self.said = {visitor_id: row.answers for visitor_id, row in self.demographics.items()}
        self.said_anew: set[uuid.UUID] = set()

    def check(self, cafe_id: uuid.UUID, who: Who | None) -> None:
        """Refuse a named visitor whom this café does not know."""
        if isinstance(who, Named) and who.visitor_id is not None:
            identity = self._identities.get(who.visitor_id)
            if identity is None or identity.cafe_id != cafe_id:
                raise DomainError("This café does not know this visitor by name", field="name")

    def find_or_add(self, cafe_id: uuid.UUID, who: Who) -> uuid.UUID | None:
        """The visitor's id, None for somebody anonymous. New ones are stored by :meth:`store`."""
        match who:
            case Anonymous():
                return None
            case ReturnCode(code):
                digest = (cafe_id, self._digests[cafe_id, code])
                if digest not in self._by_digest:
                    self._by_digest[digest] = self._add(cafe_id)
                    self._new_references.append(digest)
                return self._by_digest[digest]
            case Named():
                return self._named(cafe_id, who)

    def _named(self, cafe_id: uuid.UUID, who: Named) -> uuid.UUID:
        identity = self._identities.get(who.visitor_id) if who.visitor_id else None
        if identity is None:
            identity = VisitorIdentity(provider_id=self.provider_id, cafe_id=cafe_id, visitor_id=self._add(cafe_id))
            self._identities[identity.visitor_id] = identity
            self._new_identities.append(identity)
        elif not who.name.strip() and not who.contact.strip():
            return identity.visitor_id
        if who.name.strip():
            identity.name = who.name.strip()
            identity.name_digest = digest_of(self._name_key, cafe_id, who.name)
        if who.contact.strip():
            identity.contact = who.contact.strip()
        identity.recorded_at, identity.recorded_by = self.now, str(self.by)
        if identity not in self._new_identities:
            identity.save()
        return identity.visitor_id

    def is_new(self, visitor_id: uuid.UUID | None) -> bool | None:
        """Whether this is the visitor's first visit; None for somebody anonymous. From now on it is not."""
        if visitor_id is None:
            return None
        person = self._persons.get(visitor_id, visitor_id)
        first = person not in self.have_visited
        self.have_visited.add(person)
        return first

    def store(self) -> dict[uuid.UUID, uuid.UUID]:
        """Add the new ones. A visitor whose code a return brought meanwhile → the visitor that it brought."""
        instead = self._store_references()
        VisitorIdentity.objects.bulk_create(self._new_identities)
        self._new_visitors, self._new_references, self._new_identities = [], [], []
        return instead

    def _store_references(self) -> dict[uuid.UUID, uuid.UUID]:
        Visitor.objects.bulk_create(self._new_visitors)
        wanted = self._new_references
        if not wanted:
            return {}
        visitor_ids = [self._by_digest[digest] for digest in wanted]
        stored = insert_rows(
            VisitorReference._meta.db_table,
            {
                "provider_id": Column("uuid", [self.provider_id] * len(wanted)),
                "id": Column("uuid", [new_id() for _ in wanted]),
                "cafe_id": Column("uuid", [cafe_id for cafe_id, _ in wanted]),
                "visitor_id": Column("uuid", visitor_ids),
                "digest": Column("bytea", [digest for _, digest in wanted]),
            },
            returning="visitor_id",
            ignore_conflicts=True,
        )
        lost = [digest for digest in wanted if self._by_digest[digest] not in stored]
        found = self._known(lost)
        return {self._by_digest[digest]: found[digest] for digest in lost}

    def _add(self, cafe_id: uuid.UUID) -> uuid.UUID:
        visitor = Visitor(provider_id=self.provider_id, cafe_id=cafe_id, created_at=timezone.now())
        self._new_visitors.append(visitor)
        return visitor.id

    def _known(self, digests: Collection[Digest]) -> dict[Digest, uuid.UUID]:
        if not digests:
            return {}
        references = VisitorReference.objects.filter(
            cafe_id__in={cafe_id for cafe_id, _ in digests}, digest__in=[digest for _, digest in digests]
        )
        return {
            (cafe_id, bytes(digest)): visitor_id
            for cafe_id, digest, visitor_id in references.values_list("cafe_id", "digest", "visitor_id")
        }

    def _with_visits(self, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
        if not ids:
            return set()
        visits = Visit.objects.standing().filter(visitor_id__in=ids).values_list("visitor_id", flat=True)
        return {self._persons[visitor_id] for visitor_id in visits.distinct() if visitor_id}

    def _asked_before(self) -> dict[uuid.UUID, Demographics]:
        ids = {*self._by_digest.values(), *self._identities}
        known = Demographics.objects.filter(visitor_id__in=ids) if ids else ()
        return {row.visitor_id: row for row in known if row.visitor_id}
