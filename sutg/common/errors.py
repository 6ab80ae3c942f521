"""Refusals that a person can read."""

from __future__ import annotations


class DomainError(Exception):
    """A service refused; ``reason`` is a sentence for the person who asked.

    ``field`` names the input at fault, or is None when the refusal concerns the whole request. Pages map it onto
    their form in one place (:func:`sutg.nhsuk.forms.add_domain_error`); the API turns it into a problem document.
    """

    def __init__(self, reason: str, *, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class NotFound(DomainError):
    """There is no such thing, or it is not the caller's: the two are not told apart."""

    def __init__(self, reason: str = "Not found") -> None:
        super().__init__(reason)


class ChangedMeanwhile(DomainError):
    """Somebody else saved the record since this person opened it: they decide, having seen the difference."""

    def __init__(self, reason: str = "Somebody else saved this while you were editing.") -> None:
        super().__init__(reason)
