"""The process: command line, configuration, wiring and the only clock."""

__version__ = "0.1.0"
