"""The only place that knows row-level security.

Two locks keep one organisation's rows from another: the manager, which puts the provider into every query and refuses
to run without a scope, and PostgreSQL's policies, which hold when a query forgets. See docs/tenancy.md.
"""
