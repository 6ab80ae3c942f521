"""Django's PostgreSQL backend, with the scope written at the start of each transaction."""
