"""Embedded PostgreSQL and the process supervisor behind ``make run``. Nothing here imports Django.

``environment.ensure()`` is what the rest of the project calls; ``python -m sutg.local`` is what the Makefile calls.
"""
