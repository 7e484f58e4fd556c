"""An event-sourced archive of dated public events: log, fold, read model, publication."""

__version__ = "0.1.0"
