"""Recorded sets of real happenings with their truth, in the form that the judge reads: one file for each set."""
