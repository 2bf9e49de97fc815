"""The sorts of devices of a community, one file per subject; ``catalogue`` has all of them by name."""
