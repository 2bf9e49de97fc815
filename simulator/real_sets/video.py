"""Annotated surveillance video for the judge: what 24 cameras would say of it by ONVIF, by day and moved to an armed night."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from ingest.adapter import Foreign, Ignored, understand
from ingest.video.onvif import Reader
from ingest.wire import encode
from rules.model import Event, Network
from simulator.chance import chance
from simulator.judge.truth_file import Happened
from simulator.real_data import local_ms, rows
from simulator.real_sets.labelled import Case, RealSet, event
from simulator.recording import Recorded, iso

WHAT: Final = "the annotated videos"
SEED: Final = 7
LOST_SHARE: Final = 0.1
"""The annotation is perfect and cameras are not: so many of their messages never come; ours."""
GHOSTS_PER_H: Final = 2.0
"""So often an hour a camera sees somebody where nobody is, for a second, and sure of it; ours."""
VISIT_GAP_MS: Final = 600_000
"""People who are seen again sooner are the same visit: the default pack's own time in which sightings are one case."""
ALARM_DUE_MS: Final = 60_000
"""By when a visit in armed hours must have alarmed; ours."""
STANDS_MS: Final = 180_000
"""From so long a standing vehicle blocks a fire lane: the default pack's source, practice [K]."""
_NIGHT_MS: Final = 12 * 3_600_000
_LOCAL_MS: Final = 8 * 3_600_000  # the recorded hour of the day becomes the pack's
_DOOR: Final = "person_enters_scene_through_structure"
_STANDING: Final = ("vehicle_drops_off_person", "vehicle_picks_up_person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One annotated activity before one camera, or a ghost. Instants in ms of the recording's local clock."""

    place: str  # site/camera
    activity: str
    track: str
    from_at: int
    to_at: int

    @property
    def has_people(self) -> bool:
        """Whether this is something that a person does."""
        return self.activity.startswith(("person_", "hand_"))


def videos(data: Path, *, at_night: bool) -> RealSet:
    """Four days at a school, a hospital, a bus station and an office; each day is one community."""
    night = (
        "the same twelve hours later, in armed hours: intrusion, each visit of people before a camera (seen again within "
        f"{VISIT_GAP_MS // 60_000} min is the same), alarm due {ALARM_DUE_MS // 1000} s after its begin (ours); all else is false"
    )
    day = (
        "an ordinary day: of people nothing is asked, and every alarm or warning of them is false; fire lane, a vehicle that "
        f"lets people in or out: alarm due 60 s after it has stood for {STANDS_MS // 60_000} min (practice [K])"
    )
    return RealSet(
        name="meva_video at night" if at_night else "meva_video by day",
        cases=lambda: _cases(data / "meva_video", at_night=at_night),
        asked=(
            f"{night if at_night else day}. The cameras are imagined: ONVIF `ObjectsInside` for each activity, `Crossed` for who "
            f"comes out of a door, {LOST_SHARE:.0%} of it lost, {GHOSTS_PER_H:g} ghosts of a second an hour and camera (ours)"
        ),
        published="–",
    )


def _cases(folder: Path, *, at_night: bool) -> Iterator[Case]:
    days: dict[str, list[Seen]] = {}
    for row in rows(folder / "activities.csv.gz", WHAT):
        seen = Seen(
            place=f"{row['site']}/{row['camera']}",
            activity=row["activity"],
            track=f"{row['clip'][:16]}-{row['id']}",
            from_at=local_ms(row["start_local"]),
            to_at=max(local_ms(row["end_local"]), local_ms(row["start_local"]) + 100),
        )
        days.setdefault(row["start_local"][:10], []).append(seen)
    clips = list(rows(folder / "clips.csv.gz", WHAT))
    for day, true in sorted(days.items()):
        name = f"meva-{day}-{'night' if at_night else 'day'}"
        ghosts = [ghost for clip in clips if clip["start_local"].startswith(day) for ghost in _ghosts(clip)]
        shift_ms = (_NIGHT_MS if at_night else 0) - _LOCAL_MS
        truth = (*_lanes(true, name, shift_ms), *(_visits(true, name, shift_ms) if at_night else ()))
        yield Case(name=name, records=partial(_records, [*true, *ghosts], name, shift_ms), truth=truth)


def _ghosts(clip: dict[str, str]) -> Iterator[Seen]:
    dice = chance(SEED, "ghosts", clip["clip"])
    from_at, to_at = local_ms(clip["start_local"]), local_ms(clip["end_local"])
    if dice.random() < GHOSTS_PER_H * (to_at - from_at) / 3_600_000:
        at = round(dice.uniform(from_at, to_at))
        place = f"{clip['site']}/{clip['camera']}"
        yield Seen(place=place, activity="person_ghost", track=f"ghost-{clip['clip']}", from_at=at, to_at=at + 1000)


def _records(seen: Iterable[Seen], community: str, shift_ms: int) -> Iterator[Recorded]:
    """What the cameras send, in the order of its instants, in our own contract: read from ONVIF by the adapter."""
    adapter = Reader()
    messages = sorted([message for each in seen for message in _messages(each)])
    dice = chance(SEED, "lost", community)
    for number, (local_at, place, topic, data) in enumerate(messages):
        at = local_at + shift_ms
        if dice.random() < LOST_SHARE:
            continue
        if not topic:
            yield event(at, community, "video/alarm", f"{place.rpartition('/')[2]}.lane", f'{data},"zone":"{place}"')
            continue
        payload = f'{{"UtcTime":"{iso(at)}","Source":{{"VideoSource":"vs"}},"Data":{data}}}'.encode()
        foreign = Foreign(
            topic=topic,
            payload=payload,
            community=community,
            network=Network.VIDEO,
            received_at=at,
            arrival=str(number),
            zone=place,
        )
        told = understand(adapter, foreign)
        for said in () if isinstance(told, Ignored) else told:
            if isinstance(said, Event):
                yield Recorded(at, *encode(said))


def _messages(seen: Seen) -> Iterator[tuple[int, str, str, str]]:
    """Instant, place, ONVIF topic ("": our own contract) and data, of all that one activity makes a camera say."""
    prefix = f"{seen.place.rpartition('/')[2]}/onvif-ej/RuleEngine"
    if seen.has_people:
        for at, is_inside in ((seen.from_at, "true"), (seen.to_at, "false")):
            data = json.dumps({"ObjectId": seen.track, "IsInside": is_inside})
            yield at, seen.place, f"{prefix}/FieldDetector/ObjectsInside/&vs/yard", data
    if seen.activity == _DOOR:
        yield seen.to_at, seen.place, f"{prefix}/LineDetector/Crossed/&vs/door", json.dumps({"ObjectId": seen.track})
    if seen.activity in _STANDING:
        for at, state in ((seen.from_at, "on"), (seen.to_at, "off")):
            yield at, seen.place, "", f'"id":"{seen.track}-{state}","kind":"fire_lane_blocked","state":"{state}"'


def _lanes(seen: Iterable[Seen], community: str, shift_ms: int) -> Iterator[Happened]:
    for each in seen:
        if each.activity in _STANDING:
            lasts = each.to_at - each.from_at >= STANDS_MS
            yield Happened(
                hazard="fire_lane",
                community=community,
                zone=each.place,
                start_at=each.from_at + shift_ms,
                end_at=each.to_at + shift_ms,
                alarm_due_at=each.from_at + STANDS_MS + ALARM_DUE_MS + shift_ms if lasts else None,
            )


def _visits(seen: Iterable[Seen], community: str, shift_ms: int) -> Iterator[Happened]:
    """When somebody was before a camera: from the first activity of a person to the last before a pause."""
    latest: dict[str, tuple[int, int]] = {}
    for each in sorted((one for one in seen if one.has_people), key=lambda one: (one.from_at, one.to_at)):
        from_at, to_at = latest.get(each.place, (each.from_at, each.from_at))
        if each.from_at - to_at > VISIT_GAP_MS:
            yield _visit(each.place, from_at + shift_ms, to_at + shift_ms, community)
            from_at, to_at = each.from_at, each.to_at
        latest[each.place] = from_at, max(to_at, each.to_at)
    for place, (from_at, to_at) in latest.items():
        yield _visit(place, from_at + shift_ms, to_at + shift_ms, community)


def _visit(place: str, from_at: int, to_at: int, community: str) -> Happened:
    return Happened(
        hazard="intrusion",
        community=community,
        zone=place,
        start_at=from_at,
        end_at=to_at,
        alarm_due_at=from_at + ALARM_DUE_MS,
    )
