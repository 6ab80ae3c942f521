"""Users, roles and permissions, sign-in."""
