"""Cafés, sessions, visitors, visits, and the returns in which providers report them."""
