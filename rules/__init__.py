"""The core: pure decisions. No clock, no input or output, no async; time, ids and randomness come in as arguments."""
