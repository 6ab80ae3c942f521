"""Ready strings, tables and lines for pages, files and the API. Only disclosed values come here."""
