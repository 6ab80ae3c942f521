"""A person who signs in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Accounts are created by invitation; there is no sign-up and no superuser."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Known by e-mail address. What a person may do follows from roles with dates, never from flags here."""

    catalogue = Catalogue(
        Retention.STAFF,
        personal={
            "email": "a person signs in by it, and is written to",
            "full_name": "colleagues see who acted",
            "password": "a one-way hash by which a person is known again",
            "last_login": "unused accounts are found and closed",
            "is_active": "whether the person may sign in",
            "created_at": "how long the account has been there",
        },
        plain={
            "email": "the account is found by it before anybody is signed in; a work address",
            "full_name": "shown to colleagues on the pages they share; a name at work",
            "password": "a salted hash",
        },
    )
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField("e-mail address", max_length=254)
    full_name = models.CharField("full name", max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email",
                violation_error_message="Somebody has this e-mail address already.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ", 1)[0]
