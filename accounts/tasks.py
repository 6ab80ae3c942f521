"""Jobs of this room."""

from __future__ import annotations

from django.utils import timezone

from accounts.services.api_clients import remove_old_tokens
from sutg.celery import app


@app.task(scope_free=True)
def clear_old_tokens() -> None:
    """Once a day; nothing else ever deletes a token that ran out."""
    remove_old_tokens(now=timezone.now())
