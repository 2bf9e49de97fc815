"""The place that a finding is about, as exact as somebody asks: a device, its zone, its building, or the whole community."""

from rules.definition import Key


def place_of(key: Key, zone: str, device: str) -> str:
    """What one incident is about: as exact as the hazard gathers. Without a zone the device stands for its own place."""
    match key:
        case Key.DEVICE:
            return f"{zone}/{device}" if zone else device
        case Key.ZONE:
            return zone or device
        case Key.BUILDING:
            return zone.partition("/")[0] or device
        case _:
            return ""  # of the whole community
