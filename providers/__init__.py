"""Voluntary organisations (the tenant), who belongs to them, and the neighbourhoods they serve."""
