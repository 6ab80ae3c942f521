"""Throw-away servers of other makes and versions, to run tests against: PostgreSQL 15, PgBouncer, RabbitMQ.

They come from the system's packages, listen on loopback only, and are gone when the command that they were started
for has ended.
"""
