"""The edge in: bytes become an Event or a Rejected, are journaled, and only then acknowledged."""
