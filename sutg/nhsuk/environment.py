"""The Jinja environment of every page.

Settings name it: ``"OPTIONS": {"environment": "sutg.nhsuk.environment.environment"}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from jinja2.utils import Namespace, missing

from sutg.nhsuk.assets import asset
from sutg.nhsuk.error_list import errors_of, has_errors
from sutg.nhsuk.field_params import field_params, revealed_names
from sutg.nhsuk.figures import figure, figure_table_params
from sutg.nhsuk.formats import FILTERS
from sutg.nhsuk.paging import pagination_params, query_with

# What the macros pass about: reading an absent key of one of these is how they find out that it was not given.
PARAMETERS = (Mapping, list, tuple, str, bool, int, type(None), Namespace)


class Missing(ChainableUndefined):
    """Forgives what the design system's macros leave out, and nothing else.

    The macros read parameters that were not given (``params.label.classes``), which needs a chainable undefined. The
    usual cost is that a misspelt name on a page of ours prints nothing and nobody notices. So a name that no one
    gave the template, and an attribute that an object does not have, raise as soon as they are printed or looped over.
    """

    __slots__ = ()

    def _refuse_a_mistake(self) -> None:
        if self._undefined_hint is not None:
            return  # an argument left out, or an if-expression without else
        if self._undefined_obj is missing:
            # The macros write the bare name “undefined”, as they did in Nunjucks.
            is_mistake = self._undefined_name not in {None, "undefined"}
        else:
            is_mistake = not isinstance(self._undefined_obj, PARAMETERS)
        if is_mistake:
            self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._refuse_a_mistake()
        return ""

    def __html__(self) -> str:
        return str(self)

    def __iter__(self) -> Iterator[Any]:
        self._refuse_a_mistake()
        return iter(())


def environment(**options: Any) -> Environment:
    """Build the environment: Django's template folders first, then the design system's own macros."""
    loader = options.pop("loader", None)
    macros = PackageLoader("nhsuk_frontend_jinja")
    options["loader"] = ChoiceLoader([loader, macros]) if loader else macros
    options.setdefault("autoescape", True)
    options["undefined"] = Missing
    # As the macros expect; without them every page carries kilobytes of blank lines.
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options)  # noqa: S701 -- autoescape is set two lines above
    env.globals.update(
        {
            "asset": asset,
            "errors_of": errors_of,
            "field_params": field_params,
            "figure": figure,
            "figure_table_params": figure_table_params,
            "has_errors": has_errors,
            "pagination_params": pagination_params,
            "query_with": query_with,
            "revealed_names": revealed_names,
            "static": static,
            "url": _url,
        }
    )
    env.filters.update(FILTERS)
    return env


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the path of the view called ``name``."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
