"""Where records live: the only code that writes `events/`, and the only code that reads it."""
