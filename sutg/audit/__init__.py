"""Append-only record of who did and who read what."""
