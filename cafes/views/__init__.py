from cafes.views.returns import (
    discard,
    list_returns,
    load,
    name_cafes_of,
    return_progress,
    show_return,
    upload_return,
)

__all__ = [
    "discard",
    "list_returns",
    "load",
    "name_cafes_of",
    "return_progress",
    "show_return",
    "upload_return",
]
