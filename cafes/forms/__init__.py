"""Forms of this room: shape and wording. What may not be is said by the services."""
