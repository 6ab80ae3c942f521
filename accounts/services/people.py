"""Accounts of people. Rows of sign-in's own tables: each service steps out of the caller's scope for them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.models import User
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor


def find_person(email: str) -> User | None:
    """Whoever signs in with this address, whatever its case; nobody whose account is closed."""
    with scopes.enter(None), transaction.atomic():
        return User.objects.filter(email__iexact=email, is_active=True).first()


def create_person(*, email: str, full_name: str, password: str, by: Actor) -> User:
    """Open an account for an address that its holder has shown to be theirs. Refused when it has one.

    Whoever left and comes back gets their account again, with what they choose now; none of its roles stands.
    """
    with scopes.enter(None), transaction.atomic():
        closed = User.objects.select_for_update().filter(email__iexact=email, is_active=False).first()
        if closed is not None:
            return _reopen(closed, full_name, password, by)
        try:
            with transaction.atomic():
                user = User.objects.create_user(email=email, password=password, full_name=full_name.strip())
        except IntegrityError as error:
            msg = "This address has an account. Sign in to accept."
            raise DomainError(msg) from error
        # Verified by the link that went there: what a directory's sign-in is matched by.
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        record("person_created", by=by, subject=user.id)
    return user


def _reopen(user: User, full_name: str, password: str, by: Actor) -> User:
    user.full_name, user.is_active = full_name.strip(), True
    user.set_password(password)
    user.save(update_fields=["full_name", "is_active", "password"])
    record("person_reopened", by=by, subject=user.id)
    return user
