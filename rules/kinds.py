"""The kinds that an event can speak of, with the unit, range or states of each (DESIGN 6; names as integrators know them)."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rules.model import EventClass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``low`` and ``high`` bound what physics and common sensors allow; outside is a device fault, not evidence.

    ``is_momentary``: a press or a sighting. No sensor will report that it is over, so it does not hold a case open.
    """

    name: str
    event_class: EventClass
    zh: str
    en: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    states: tuple[str, ...] = ()
    is_momentary: bool = False


def _reading(name: str, zh: str, en: str, unit: str, low: float, high: float) -> Kind:
    return Kind(name, EventClass.READING, zh, en, unit, low, high)


def _state(name: str, zh: str, en: str, active: str, idle: str) -> Kind:
    return Kind(name, EventClass.STATE, zh, en, states=(active, idle))


def _alarm(name: str, zh: str, en: str) -> Kind:
    return Kind(name, EventClass.ALARM, zh, en, states=("on", "off"))


def _sighting(name: str, zh: str, en: str) -> Kind:
    return Kind(name, EventClass.ALARM, zh, en, states=("on", "off"), is_momentary=True)


_ALL: Final = (
    _reading("temperature", "温度", "temperature", "°C", -60, 1400),
    _reading("humidity", "湿度", "humidity", "%", 0, 100),
    _reading("smoke_obscuration", "烟雾减光率", "smoke obscuration", "%/m", 0, 100),
    _reading("carbon_monoxide", "一氧化碳", "carbon monoxide", "ppm", 0, 100_000),
    _reading("carbon_dioxide", "二氧化碳", "carbon dioxide", "ppm", 0, 1_000_000),
    _reading("oxygen", "氧气", "oxygen", "%", 0, 100),
    _reading("methane", "可燃气体", "combustible gas", "%LEL", 0, 100),
    _reading("pm25", "细颗粒物", "fine dust", "µg/m³", 0, 10_000),
    _reading("noise", "噪声", "noise", "dB(A)", 0, 200),
    _reading("illuminance", "照度", "illuminance", "lx", 0, 200_000),
    _reading("residual_current", "剩余电流", "residual current", "mA", 0, 100_000),
    _reading("cable_temperature", "线缆温度", "cable temperature", "°C", -60, 1400),
    _reading("voltage", "电压", "voltage", "V", -1_000_000, 1_000_000),
    _reading("current", "电流", "current", "A", -100_000, 100_000),
    _reading("power", "功率", "power", "W", -100_000_000, 100_000_000),
    _reading("water_level", "水位", "water level", "mm", -1_000, 100_000),
    _reading("water_flow", "用水量", "water flow", "L/h", -1_000_000, 1_000_000),
    _reading("water_pressure", "水压", "water pressure", "kPa", -200, 100_000),
    _reading("tilt", "倾角", "tilt", "°", -360, 360),
    _reading("acceleration", "加速度", "acceleration", "m/s²", -10_000, 10_000),
    _reading("person_count", "人数", "persons", "1", 0, 1_000_000),
    _reading("battery", "电量", "battery", "%", 0, 100),
    _reading("signal_strength", "信号强度", "signal strength", "dBm", -200, 50),
    _reading("generic", "数值", "value", "1", float("-inf"), float("inf")),
    _state("opening", "门窗", "opening", "open", "closed"),
    _state("moisture", "水浸", "moisture", "wet", "dry"),
    _state("motion", "移动", "motion", "on", "off"),
    _state("occupancy", "有人", "occupancy", "on", "off"),
    _state("power", "供电", "power supply", "on", "off"),
    _state("tamper", "防拆", "tamper", "on", "off"),
    _state("smoke", "烟雾", "smoke", "on", "off"),
    _state("heat", "感温", "heat", "on", "off"),
    _state("gas", "燃气", "gas", "on", "off"),
    _state("lift_door", "电梯门", "lift door", "open", "closed"),
    _state("lift_car", "轿厢", "lift car", "moving", "stopped"),
    _alarm("smoke", "烟雾", "smoke"),
    _alarm("heat", "感温", "heat"),
    _alarm("gas", "燃气", "gas"),
    _alarm("carbon_monoxide", "一氧化碳", "carbon monoxide"),
    _sighting("sos", "紧急求助", "call for help"),
    _sighting("fall", "跌倒", "fall"),
    _sighting("intrusion", "入侵", "intrusion"),
    _sighting("loitering", "徘徊", "loitering"),
    _sighting("line_crossing", "越线", "line crossing"),
    _sighting("object_thrown", "高空抛物", "object thrown"),
    _sighting("ebike_in_lift", "电动车进梯", "e-bike in lift"),
    _alarm("fire_lane_blocked", "消防通道占用", "fire lane blocked"),
    _alarm("person_trapped", "电梯困人", "person trapped"),
    _alarm("water_leak", "漏水", "water leak"),
    _alarm("power_lost", "断电", "power lost"),
    _alarm("device_fault", "设备故障", "device fault"),
    _sighting("object_left", "物品遗留", "object left"),
    _sighting("object_removed", "物品移除", "object removed"),
    _sighting("region_exit", "离开区域", "area left"),
    _sighting("wrong_way", "逆行", "wrong way"),
    _sighting("fast_moving", "快速移动", "fast motion"),
    _sighting("crowd", "人员聚集", "crowd"),
    _sighting("people_flow", "流量超限", "flow over a limit"),
    _sighting("person_count_limit", "人数异常", "number of persons"),
    _sighting("violence", "打斗", "violence"),
    _sighting("scream", "尖叫", "scream"),
    _sighting("abnormal_sound", "声音异常", "abnormal sound"),
    _sighting("climbing", "攀高", "climbing"),
    _sighting("tailgating", "尾随", "tailgating"),
    _sighting("absent_from_post", "离岗", "post not manned"),
    _sighting("parking", "违停", "parking"),
    _sighting("illegal_access", "非法访问设备", "illegal access to a device"),
    _alarm("temperature_limit", "温度超限", "temperature limit"),
    _alarm("temperature_difference", "温差超限", "temperature difference"),
    _alarm("sensor_limit", "传感器越限", "sensor's own limit"),
    _alarm("alarm_input", "报警输入", "alarm input"),
    _sighting("gps_alarm", "定位报警", "position alarm"),
    _alarm("other_alarm", "其他报警", "other alarm"),
    _sighting("report", "上报", "report"),
    _alarm("warning_signal", "预警信号", "warning signal"),
)

KINDS: Final = MappingProxyType({(kind.event_class, kind.name): kind for kind in _ALL})
"""Every kind by class and name (power is a reading in W and a state on|off). Others are accepted: packs may add kinds."""
