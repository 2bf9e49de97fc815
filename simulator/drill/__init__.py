"""Drill: the whole chain in one process under virtual time, with faults from a seed, and laws that must hold after every step."""
