"""Where sessions lie: settings name this module as ``SESSION_ENGINE``."""

from accounts.idle import SessionStore

__all__ = ["SessionStore"]
