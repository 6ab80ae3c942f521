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
    """Whoever signs in with this address, whatever its case."""
    with scopes.enter(None), transaction.atomic():
        return User.objects.filter(email__iexact=email).first()


def create_person(*, email: str, full_name: str, password: str, by: Actor) -> User:
    """Open an account for an address that its holder has shown to be theirs. Refused when it has one."""
    with scopes.enter(None), transaction.atomic():
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
