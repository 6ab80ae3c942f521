"""Forms of documents."""

from __future__ import annotations

from typing import Any

from django import forms

from providers.document_types import LARGEST
from providers.models import Document
from sutg.nhsuk.forms import FileUpload, Form, Select, TextInput

_LARGEST_MB = f"{LARGEST // 1_000_000} MB"


class UploadForm(Form):
    """One file. Whether it is of a kind we take is seen by the service, from what it holds."""

    file = forms.FileField(
        label="File",
        max_length=255,
        widget=FileUpload({"accept": ".pdf,.docx,.jpg,.jpeg,.png"}),
        help_text=f"A PDF, a Word document (.docx), a JPEG or a PNG of up to {_LARGEST_MB}.",
        error_messages={"required": "Select a file", "empty": "The file is empty"},
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if self.too_large or (file is not None and file.size > LARGEST):
            self.errors.pop("file", None)
            self.add_error("file", f"The file must be smaller than {_LARGEST_MB}.")
        return cleaned


class NewDocumentForm(UploadForm):
    kind = forms.ChoiceField(
        label="Kind of document",
        choices=[("", "Select a kind"), *Document.Kind.choices],
        widget=Select(),
        error_messages={"required": "Select the kind of document"},
    )
    title = forms.CharField(
        label="Name",
        max_length=150,
        help_text="What people look for, for example Public liability certificate. Do not use the name of a person.",
        widget=TextInput(width=30),
        error_messages={"required": "Enter what the document is called"},
    )
    field_order = ("kind", "title", "file")
