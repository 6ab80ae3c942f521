"""Who looks at figures: which cafés they may see, how exactly, and in which scope the figures are read."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from accounts.hats import Hat
from accounts.principal import Principal
from accounts.roles import HeldFor
from reports.disclosure import Audience
from reports.permissions import SEE_FIGURES_BY_CAFE, SEE_OWN_FIGURES
from sutg.common.errors import NotFound
from sutg.tenancy.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewer:
    """``cafe_ids`` and ``neighbourhood_codes`` limit what is seen; None sets no limit, an empty set leaves nothing."""

    audience: Audience
    scope: Scope
    name: str
    cafe_ids: frozenset[uuid.UUID] | None = None
    neighbourhood_codes: frozenset[str] | None = None
    sees_single_cafes: bool = True

    @property
    def is_provider(self) -> bool:
        return self.audience is Audience.EXACT

    @property
    def sees_everything(self) -> bool:
        """Whether totals of places, and of all of them, may be seen; a lead sees no sum beyond their own areas."""
        return self.neighbourhood_codes is None


def viewer_of(principal: Principal) -> Viewer:
    """The viewer that a person is under the hat they wear; :class:`NotFound` for a hat that sees no figures."""
    hat = principal.hat
    if hat is None:
        raise NotFound
    match hat.held_for:
        case HeldFor.PROVIDER:
            return _own(principal, hat)
        case HeldFor.TRUST | HeldFor.NEIGHBOURHOODS:
            return _controlled(principal, hat)
        case _:
            raise NotFound


def _own(principal: Principal, hat: Hat) -> Viewer:
    assert hat.provider_id is not None  # noqa: S101  narrows the type
    scope = Scope.provider(principal.actor, hat.provider_id)
    return Viewer(Audience.EXACT, scope, hat.label, cafe_ids=hat.cafes_for(SEE_OWN_FIGURES))


def _controlled(principal: Principal, hat: Hat) -> Viewer:
    is_lead = hat.held_for is HeldFor.NEIGHBOURHOODS
    return Viewer(
        Audience.CONTROLLED,
        Scope.report(principal.actor, neighbourhood_codes=hat.neighbourhood_codes),
        hat.label,
        neighbourhood_codes=hat.neighbourhood_codes if is_lead else None,
        sees_single_cafes=principal.can(SEE_FIGURES_BY_CAFE),
    )
