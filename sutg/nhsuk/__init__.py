"""The NHS.UK design system for the whole product: Jinja environment, form fields, layouts and components.

Depends on Django alone; every page of every room stands on it.
"""
