"""What a hat makes of the person who looks at figures."""

from __future__ import annotations

import uuid

import pytest

from accounts.hats import Hat
from accounts.models import User
from accounts.principal import Principal
from accounts.roles import HeldFor, Role
from reports.disclosure import Audience
from reports.to_do import figures_to_see
from reports.viewers import viewer_of
from sutg.common.errors import NotFound
from sutg.tenancy.roles import ScopeRole

USER = User(full_name="Amina Patel", email="amina@example.org")


def principal(held_for: HeldFor, *roles: Role, **limits: object) -> Principal:
    hat = Hat("key", "Label", held_for, frozenset(roles), **limits)  # type: ignore[arg-type]
    return Principal(USER, hat, (hat,))


def test_person_without_a_role_sees_nothing() -> None:
    with pytest.raises(NotFound):
        viewer_of(Principal(USER, None, ()))


def test_receiving_team_sees_nothing() -> None:
    with pytest.raises(NotFound):
        viewer_of(principal(HeldFor.PATHWAY, Role.PATHWAY_CLINICIAN))


def test_provider_reads_exactly_and_in_its_own_scope() -> None:
    provider_id = uuid.uuid4()

    viewer = viewer_of(principal(HeldFor.PROVIDER, Role.PROVIDER_MANAGER, provider_id=provider_id))

    assert (viewer.audience, viewer.scope.role, viewer.scope.provider_id) == (
        Audience.EXACT,
        ScopeRole.PROVIDER,
        provider_id,
    )
    assert viewer.cafe_ids is None


def test_trust_reads_under_control_by_the_report_role() -> None:
    viewer = viewer_of(principal(HeldFor.TRUST, Role.GRANT_OFFICER))

    assert (viewer.audience, viewer.scope.role) == (Audience.CONTROLLED, ScopeRole.REPORT)
    assert viewer.sees_everything


def test_lead_without_a_neighbourhood_is_limited_to_none() -> None:
    viewer = viewer_of(principal(HeldFor.NEIGHBOURHOODS, Role.NEIGHBOURHOOD_LEAD))

    assert viewer.neighbourhood_codes == frozenset()
    assert not viewer.sees_everything


@pytest.mark.parametrize(
    ("roles", "sees"),
    [
        ([Role.REPRESENTATIVE], False),
        ([Role.REPRESENTATIVE, Role.EQUALITY_LEAD], True),
        ([Role.GRANT_ASSESSOR], True),
    ],
)
def test_representative_alone_sees_no_single_cafe(roles: list[Role], *, sees: bool) -> None:
    assert viewer_of(principal(HeldFor.TRUST, *roles)).sees_single_cafes is sees


@pytest.mark.parametrize(("role", "tasks"), [(Role.GRANT_OFFICER, 1), (Role.SERVICE_ADMINISTRATOR, 0)])
def test_start_page_leads_to_figures_whoever_may_see_them(role: Role, tasks: int) -> None:
    assert len(list(figures_to_see(principal(HeldFor.TRUST, role)))) == tasks
