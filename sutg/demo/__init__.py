"""Demo organisations, people and personas. Never active in production."""
