from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from accounts.models import Appointment, User
from accounts.roles import Role
from tests.factories.scoped import acting_for_trust

_numbers = itertools.count(1)


def make_user(*, full_name: str = "Amina Patel", email: str = "", password: str = "", **fields: Any) -> User:
    email = email or f"person{next(_numbers)}@example.org"
    with acting_for_trust():
        return User.objects.create_user(email=email, password=password or None, full_name=full_name, **fields)


def make_appointment(*, user: User | None = None, role: Role = Role.GRANT_OFFICER, **fields: Any) -> Appointment:
    user = user or make_user()
    with acting_for_trust():
        return Appointment.objects.create(user=user, role=role, **{"since": date(2024, 1, 1), **fields})
