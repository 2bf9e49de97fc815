"""The code tables of GB 26875.3-2011 that decide what a record of a fire panel means: fire by part, state bits, quantities."""

from typing import Final

_GAS: Final = frozenset({10, 11, 12, 13, 74})
"""Combustible gas detectors and gas detectors (table 5)."""
_HEAT: Final = frozenset({*range(30, 38), 52, 61, 62, 69, 16, 17, 18})
"""Heat detectors, light with heat, flame detectors, and electrical fire monitors (table 5)."""
_FLAGS: Final = {3: "shielded", 4: "supervised", 5: "started", 6: "feedback", 7: "delayed"}
"""State bits that are no alarm of ours (tables for 8.2.1.1 and 8.2.1.2)."""
_OPERATIONS: Final = ("reset", "mute", "manual_alarm", "clear", "self_test", "confirm", "test")
"""Bits 0 to 6 of an operation (8.2.1.4); of a transmitter's own (8.2.1.9), bit 5 is the answer to a duty check."""

_QUANTITIES: Final = {  # table 6: kind, factor from the raw number, quantity with its unit
    1: ("generic", 1.0, "count"),
    2: ("generic", 0.01, "height m"),
    3: ("temperature", 0.1, "temperature °C"),
    4: ("water_pressure", 100.0, "pressure kPa"),  # 0.1 MPa
    5: ("water_pressure", 0.1, "pressure kPa"),
    6: ("methane", 0.1, "gas %LEL"),
    7: ("generic", 1.0, "time s"),
    8: ("voltage", 0.1, "voltage V"),
    9: ("current", 0.1, "current A"),
    10: ("water_flow", 360.0, "flow L/h"),  # 0.1 L/s
    11: ("generic", 0.1, "air flow m³/min"),
    12: ("generic", 1.0, "air speed m/s"),
}
_BY_PART: Final = {
    (2, 92): ("water_level", 10.0),  # a fire water tank: 0.01 m in mm
    (9, 17): ("residual_current", 100.0),  # 0.1 A in mA
    (3, 18): ("cable_temperature", 0.1),
}
_NO_WATER: Final = frozenset({13, 17, 18})
"""Systems whose pressure is not of water: gas extinguishing, dry powder, smoke control (table 4)."""


def fire_kind(part: int) -> str:
    """The kind of alarm that a part's fire bit is, by the part's type."""
    return "gas" if part in _GAS else "heat" if part in _HEAT else "smoke"


def flags(bits: int) -> dict[str, bool]:
    """What the state bits say beside fire and faults, as attributes; nothing where all is as usual."""
    said = {name: True for bit, name in _FLAGS.items() if bits >> bit & 1}
    return said if bits & 1 else {"says_testing": True} | said


def operations(bits: int, *, is_own: bool) -> tuple[str, ...]:
    """The operations that a byte of them names; ``is_own``: of the transmitter, not of a panel."""
    names = [name for bit, name in enumerate(_OPERATIONS) if bits >> bit & 1]
    return tuple("duty" if is_own and name == "confirm" else name for name in names)


def analogue(type_: int, *, part: int, system: int) -> tuple[str, float, str]:
    """Kind, factor and quantity of an analogue type; no kind ("") for an unused or a maker's own type."""
    kind, factor, quantity = _QUANTITIES.get(type_, ("", 1.0, ""))
    if (type_, part) in _BY_PART:
        return (*_BY_PART[type_, part], quantity)
    if kind == "water_pressure" and system in _NO_WATER:
        return "generic", factor, quantity
    return kind, factor, quantity
