"""The primary navigation and the start page's list of what to do next, filled by the rooms above."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.permissions import (
    KEEP_RETENTION,
    SEE_AUDIT,
    SEE_HOME,
    SEE_PERMISSIONS,
    SEE_READINGS,
    USE_API,
    Permission,
)
from accounts.principal import Principal


@dataclass(frozen=True, slots=True)
class NavigationItem:
    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do next: what, where, and how it stands (“3 to check”)."""

    title: str
    href: str
    status: str = ""
    hint: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    text: str
    url_name: str
    permissions: tuple[Permission, ...]
    order: int


TaskSource = Callable[[Principal], Iterable[Task]]
_SECTIONS: list[_Section] = []
_TASKS: list[TaskSource] = []


def register_section(text: str, url_name: str, *permissions: Permission, order: int) -> None:
    """Add a link to the primary navigation of whoever has one of ``permissions``."""
    _SECTIONS.append(_Section(text, url_name, permissions, order))
    _SECTIONS.sort(key=lambda section: section.order)


def register_tasks(source: TaskSource) -> None:
    """Add what a person should do next; called inside the person's scope and transaction."""
    _TASKS.append(source)


def navigation_for(principal: Principal, path: str) -> list[NavigationItem]:
    items = []
    for section in _SECTIONS:
        if any(principal.can(permission) for permission in section.permissions):
            href = reverse(section.url_name)
            items.append(
                NavigationItem(section.text, href, current=path == href or (href != "/" and path.startswith(href)))
            )
    return items


def tasks_for(principal: Principal) -> list[Task]:
    return [task for source in _TASKS for task in source(principal)]


register_section("Home", "home", SEE_HOME, order=0)
register_section("Retention", "accounts:retention", KEEP_RETENTION, order=76)
register_section("Who has read records", "accounts:readings", SEE_READINGS, order=65)
register_section("Audit", "accounts:audit", SEE_AUDIT, order=75)
register_section("Roles", "accounts:permissions", SEE_PERMISSIONS, order=80)
register_section("Reports that fetch figures", "accounts:api_access", USE_API, order=70)
