"""The project: settings, URLs, Celery, and the kernel that every app stands on."""
