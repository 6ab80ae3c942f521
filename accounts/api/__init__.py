"""What every endpoint shares: who is asking, and a named permission with its scope and transaction."""
