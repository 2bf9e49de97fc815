"""One file per way out of the house."""
