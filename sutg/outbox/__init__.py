"""Messages that must leave the building: stored with the change, delivered until acknowledged."""
