"""What the activity endpoint takes and gives."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports.measures import MEASURES
from reports.periods import MOST_PERIODS, row_of_periods
from reports.selectors.areas import Level
from sutg.common.errors import DomainError
from sutg.common.periods import Period, PeriodKind

MOST_ITEMS, USUAL_ITEMS = 500, 100
MOST_AREAS = 100
STATUSES = ["exact", "rounded", "suppressed", "no_sessions"]


@extend_schema_field({"type": "string", "example": "2024-Q1"})
class PeriodField(serializers.Field[Any, Any, Any, Any]):
    """A month (2024-04), a quarter (2024-Q1, April to June) or a financial year (2024-25)."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return Period.parse(str(data)[:20])
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class ActivityQuery(serializers.Serializer[Any]):
    """The filters. Areas and periods are fixed ones: a free range of dates would let small numbers be worked out."""

    period = serializers.ListField(
        child=PeriodField(),
        required=False,
        max_length=MOST_PERIODS,
        help_text="Periods, repeated for several: 2024-04, 2024-Q1 (April to June) or 2024-25. All when left out.",
    )
    area = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        max_length=MOST_AREAS,
        help_text="Codes of neighbourhoods or places, LLR for all of them, OWN for a provider's own cafés together.",
    )
    cafe = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_AREAS,
        help_text="Ids of cafés; with “area”, those of them that lie in one of the areas.",
    )
    level = serializers.ListField(
        child=serializers.ChoiceField(choices=[level.value for level in Level]),
        required=False,
        max_length=len(Level),
        help_text="Which rows to give, inside the areas asked for: level=cafe&area=LEI01 gives the cafés of LEI01.",
    )
    measure = serializers.ListField(
        child=serializers.ChoiceField(choices=[measure.code for measure in MEASURES]),
        required=False,
        max_length=len(MEASURES),
        help_text="Which measures; all when left out. docs/measures.md defines them.",
    )
    cursor = serializers.CharField(
        required=False, max_length=400, help_text="Where to go on, from “next” of the page before."
    )
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_ITEMS, default=USUAL_ITEMS, help_text="How many items a page has."
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # “from” cannot be the name of an attribute.
        for name, end in (("from", "First"), ("to", "Last")):
            words = f"{end} of a row of periods of one kind, instead of “period”."
            fields[name] = PeriodField(required=False, help_text=words)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            # A misspelt filter must not give more than was asked for.
            raise serializers.ValidationError(dict.fromkeys(unknown, "There is no such filter."))
        ends = [attrs.get("from"), attrs.get("to")]
        if any(ends):
            attrs["period"] = self._row(attrs, *ends)
        return attrs

    def _row(self, attrs: dict[str, Any], first: Period | None, last: Period | None) -> list[Period]:
        if attrs.get("period"):
            raise serializers.ValidationError({"period": "Give “period”, or “from” and “to”, and not both."})
        if first is None or last is None:
            raise serializers.ValidationError({"from" if first is None else "to": "Give both “from” and “to”."})
        try:
            return row_of_periods(first, last)
        except DomainError as error:
            raise serializers.ValidationError({str(error.field): error.reason}) from error


class AreaOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[level.value for level in Level if level is not Level.CAFE])
    code = serializers.CharField()
    name = serializers.CharField()


class CafeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class CategoryOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ValueOutput(serializers.Serializer[Any]):
    """A figure. ``number`` is there when there is one to show: a suppressed figure is neither 0 nor null."""

    status = serializers.ChoiceField(
        choices=STATUSES,
        help_text=(
            "exact: the number itself. rounded: to the nearest 5. suppressed: below 5, zero included, and withheld. "
            "no_sessions: no café there held a session in the period."
        ),
    )
    number = serializers.IntegerField(required=False, min_value=0)


class ItemOutput(serializers.Serializer[Any]):
    period = serializers.CharField(help_text="As in the filter: 2024-04, 2024-Q1 or 2024-25.")
    period_kind = serializers.ChoiceField(choices=[kind.value for kind in PeriodKind])
    area = AreaOutput(help_text="The area; of a café, the neighbourhood it is in.")
    cafe = CafeOutput(allow_null=True)
    measure = serializers.ChoiceField(choices=[measure.code for measure in MEASURES])
    category = CategoryOutput(allow_null=True)
    value = ValueOutput(help_text="As now known.")
    first_published = ValueOutput(
        allow_null=True,
        help_text="What the figure said when its period was locked; null while a café there has not locked it.",
    )


class ActivityOutput(serializers.Serializer[Any]):
    items = ItemOutput(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")


class ProblemError(serializers.Serializer[Any]):
    field = serializers.CharField()
    reason = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]
