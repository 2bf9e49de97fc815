"""Recorded real fires as event files: one converter per collection, none of which invents a value."""
