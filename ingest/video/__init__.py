"""Formats of cameras and video platforms: one file for each, a pure function from a message to what it says."""
