"""Each hot query many times on one connection, with tenants switched between and prepared statements on.

A policy that PostgreSQL took for constant would be planned once and serve the first tenant's rows to the next.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum

from cafes.models import Visit
from providers.models import Provider
from reports.models import Figure
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import make_cafe, make_figure, make_provider, make_session, make_visit
from tests.factories.scoped import TESTS
from tests.support.connecting import connecting, is_behind_pooler

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_db")]

SHARED_UUID = uuid.UUID("11111111-1111-1111-1111-111111111111")
TIMES = 12


def raw(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def last_visits() -> object:
    return [v.ethnicity_as_written for v in Visit.objects.order_by("-visited_on", "id")[:50]]


def visits_by_cafe() -> object:
    rows = Visit.objects.values("postcode_district").annotate(n=Count("id")).order_by("postcode_district")
    return list(rows.values_list("postcode_district", "n"))


def visit_of_a_client() -> object:
    return Visit.objects.get(client_uuid=SHARED_UUID).ethnicity_as_written


def figures_of_a_period() -> object:
    return Figure.objects.filter(period_kind="month", period_start=date(2024, 4, 1)).aggregate(n=Sum("value"))["n"]


def raw_visits() -> object:
    return raw("SELECT ethnicity_as_written FROM cafes_visit ORDER BY visited_on DESC, id LIMIT 50")


def raw_count() -> object:
    return raw("SELECT postcode_district, count(*) FROM cafes_visit GROUP BY 1")


HOT: list[Callable[[], object]] = [
    last_visits,
    visits_by_cafe,
    visit_of_a_client,
    figures_of_a_period,
    raw_visits,
    raw_count,
]


@pytest.fixture
def tenants(committed_db: None) -> list[Provider]:
    """Three providers whose every answer differs."""
    providers = [make_provider() for _ in range(3)]
    for number, provider in enumerate(providers, start=1):
        session = make_session(provider=provider, cafe=make_cafe(provider=provider))
        for n in range(number):
            make_visit(
                provider=provider,
                session=session,
                client_uuid=SHARED_UUID if n == 0 else uuid.uuid4(),
                ethnicity_as_written=f"of {number}",
                postcode_district=f"LE{number}",
            )
        make_figure(provider=provider, value=number * 100)
    return providers


def answer_of(query: Callable[[], object], number: int) -> object:
    """What the tenant of that number must be told."""
    return {
        last_visits: [f"of {number}"] * number,
        visits_by_cafe: [(f"LE{number}", number)],
        visit_of_a_client: f"of {number}",
        figures_of_a_period: number * 100,
        raw_visits: [(f"of {number}",)] * number,
        raw_count: [(f"LE{number}", number)],
    }[query]


def rounds(tenants: list[Provider]) -> Iterator[tuple[int, Provider]]:
    for n in range(TIMES * len(tenants)):
        yield n % len(tenants) + 1, tenants[n % len(tenants)]


@pytest.mark.parametrize("plan", ["auto", "force_generic_plan"])
@pytest.mark.parametrize("threshold", [0, 5], ids=["at once", "after five"])
@pytest.mark.parametrize("query", HOT, ids=lambda query: query.__name__)
def test_hot_query_repeated_with_tenants_switched_gives_each_their_own(
    tenants: list[Provider], query: Callable[[], object], threshold: int, plan: str
) -> None:
    options = {"prepare_threshold": threshold, "server_side_binding": True, "options": f"-c plan_cache_mode={plan}"}
    wrong = []

    # Prepared statements belong to a session, so this goes past a pooler that shares sessions out.
    with connecting(past_pooler=is_behind_pooler(), **options):
        for number, provider in rounds(tenants):
            with scopes.enter(Scope.provider(TESTS, provider.id)), transaction.atomic():
                answer = query()
            if answer != answer_of(query, number):
                wrong.append((number, answer))
        prepared = raw("SELECT count(*) FROM pg_prepared_statements WHERE generic_plans + custom_plans >= 12")

    assert wrong == []
    assert prepared[0][0] > 0, "nothing was prepared: the test proved nothing"


def test_policy_through_an_immutable_function_is_what_this_test_would_catch(tenants: list[Provider]) -> None:
    """The trap itself, on a table of its own: taken for a constant, the second tenant gets the first's rows."""
    from tests.support.superuser import superuser_connection

    with superuser_connection() as superuser:
        superuser.execute("CREATE TABLE trap (provider_id uuid)")
        superuser.execute("INSERT INTO trap SELECT id FROM providers_provider")
        superuser.execute(
            "CREATE FUNCTION whose() RETURNS uuid LANGUAGE sql IMMUTABLE AS "
            "$$ SELECT nullif(current_setting('sutg.provider_id', true), '')::uuid $$"
        )
        superuser.execute("CREATE POLICY trap ON trap USING (provider_id = whose())")
        superuser.execute("ALTER TABLE trap ENABLE ROW LEVEL SECURITY")
        superuser.execute("GRANT SELECT ON trap TO sutg_provider")
        superuser.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        superuser.execute("SET LOCAL ROLE sutg_provider")
        seen = []
        for provider in (tenants[0], tenants[1]):
            superuser.execute("SELECT set_config('sutg.provider_id', %s, true)", [str(provider.id)])
            rows = superuser.execute("SELECT provider_id FROM trap", prepare=True).fetchall()
            seen.append([row[0] for row in rows])
        superuser.rollback()

    assert seen == [[tenants[0].id], [tenants[0].id]]
