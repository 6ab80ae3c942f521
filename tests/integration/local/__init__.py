"""The embedded server and the supervisor, for real: processes started, killed and started again."""
