"""Cassettes: what a community said, recorded from its journal without the people in it, to be replayed and judged."""
