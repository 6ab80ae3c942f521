"""Ready strings and rows for the pages of this room."""
