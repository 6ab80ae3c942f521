"""Saving what a provider says of itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from providers.models import ProfileVersion, Provider
from providers.registers import tidy_charity_number, tidy_company_number
from sutg.audit.services import record
from sutg.common.errors import ChangedMeanwhile, DomainError
from sutg.tenancy.scope import Actor

Form = ProfileVersion.LegalForm
_CHARITIES = (Form.CHARITY, Form.CIO, Form.CHARITABLE_COMPANY)
_COMPANIES = (Form.CHARITABLE_COMPANY, Form.CIC, Form.COMPANY)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is saved; numbers as people write them."""

    legal_form: str
    charity_register: str = ""
    charity_number: str = ""
    company_number: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@transaction.atomic
def save_profile(*, provider: Provider, profile: Profile, seen: int, by: Actor, now: datetime) -> ProfileVersion:
    """Add a state of the profile after state ``seen`` (0: none yet), under the provider's scope.

    Saving what is there already adds nothing. Refused for numbers that no register writes, for a legal form without
    its number, and with :class:`ChangedMeanwhile` when somebody else saved a state after ``seen``.
    """
    values = asdict(profile) | _numbers(profile)
    latest = ProfileVersion.objects.first()
    if (latest.number if latest else 0) != seen:
        raise ChangedMeanwhile
    changed = sorted(name for name, value in values.items() if latest is None or getattr(latest, name) != value)
    if latest is not None and not changed:
        return latest
    try:
        with transaction.atomic():
            version = ProfileVersion.objects.create(
                provider=provider, number=seen + 1, written_at=now, written_by=str(by), **values
            )
    except IntegrityError as error:
        if "providers_profileversion_number" not in str(error):
            raise
        raise ChangedMeanwhile from error
    fields = " ".join(changed)
    record("profile_saved", by=by, subject=version.id, provider_id=provider.id, number=version.number, fields=fields)
    return version


def _numbers(profile: Profile) -> dict[str, str]:
    is_on_register = bool(profile.charity_register or profile.charity_number)
    charity = tidy_charity_number(profile.charity_register, profile.charity_number) if is_on_register else ""
    company = tidy_company_number(profile.company_number) if profile.company_number else ""
    if profile.legal_form in _CHARITIES and not charity:
        raise DomainError("Enter the charity number, and select its register.", field="charity_number")
    if profile.legal_form in _COMPANIES and not company:
        raise DomainError("Enter the company number.", field="company_number")
    return {"charity_number": charity, "company_number": company}
