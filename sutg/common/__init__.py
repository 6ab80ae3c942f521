"""Base models, errors and dates. Depends on Django alone."""
