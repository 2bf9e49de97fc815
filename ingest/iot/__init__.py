"""Formats of things: one file for each, a pure function from a message to what it says."""
