"""The rows in SQLite: built from the log, caught up with it. May be removed at any time."""
