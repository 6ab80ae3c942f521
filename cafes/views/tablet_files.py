"""Load the file that a tablet saved of what it could not send."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.web import PersonRequest, requires
from cafes.forms.tablets import LoadExportForm
from cafes.permissions import KEEP_TABLETS
from cafes.presenters.tablets import loaded_in_words
from cafes.selectors.kept_tablets import find_kept_tablet
from cafes.services.tablet_exports import load_export, read_export
from cafes.views.tablets import cafes_kept
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error


@require_http_methods(["GET", "POST"])
@requires(KEEP_TABLETS, atomic=False)
def load(request: PersonRequest, tablet_id: uuid.UUID) -> HttpResponse:
    with transaction.atomic():
        tablet = find_kept_tablet(tablet_id, cafe_ids=cafes_kept(request)).tablet
    form = LoadExportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        too_large=getattr(request, "upload_too_large", False),
    )
    if request.method == "POST" and form.is_valid():
        try:
            export = read_export(form.cleaned_data["file"].read())
            loaded = load_export(tablet_id=tablet.id, export=export, by=request.principal.actor, now=timezone.now())
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, loaded_in_words(loaded))
            return redirect("cafes:tablet", tablet.id)
    context = {"tablet": tablet, "form": form, "heading": "Load a file", "button": "Load this file", "kind": "file"}
    return render(request, "cafes/tablet_form.jinja", context)
