"""The edge out: effects become rows, messages and commands. Nothing is decided here."""
