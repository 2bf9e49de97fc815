"""Trials: a format's examples mean what ``decode`` says, a mapping's faults have their places, and nothing runs away."""

import json
import sys
from dataclasses import replace

import pytest

from dashboard.trial_shape import EVENTS_MAX, FormatItem, TrialAnswer, TrialMessage, TrialRequest, TrialStopped
from ingest.adapter import Foreign, Ignored, pure
from ingest.formats import FORMATS
from shouwang.decoding import Decoder
from shouwang.trial import tried
from shouwang.trying import EXAMPLE_MAPPING, run_trial, trials
from tests.test_house import ROOT

AT = 1_795_500_000_000
EXAMPLES = ROOT / "docs" / "examples"
HEAD = "mapping: box\ntitle: {zh: 箱, en: box}\ndevice: $.n\n"
ENDLESS = "record.a.all(x, record.a.all(y, x + y >= 0))"


def message(payload: object, **more: object) -> TrialMessage:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return TrialMessage.model_validate({"payload": text, **more})


def outcomes(answer: TrialAnswer) -> list[tuple[str, int]]:
    return [(each.outcome, each.event_count) for each in answer.messages]


@pytest.mark.parametrize("offered", trials().formats, ids=lambda item: item.name)
def test_the_examples_of_each_format_mean_what_decode_says(offered: FormatItem) -> None:
    messages = [TrialMessage.model_validate(each.model_dump()) for each in offered.examples]
    told = tried(TrialRequest(format=offered.name, messages=messages), AT)
    decoder = Decoder(offered.name, "community")
    said = [decoder.answer({**each.model_dump(), "received_at": AT}, "here", number) for number, each in enumerate(messages)]
    assert outcomes(told) == [(each["outcome"], len(each["events"])) for each in said]
    assert "events" in {each.outcome for each in told.messages}
    if offered.name in FORMATS:
        payloads = [bytes.fromhex(each.payload) if each.encoding == "hex" else each.payload.encode() for each in messages]
        assert payloads == [each.payload for each in FORMATS[offered.name].examples]


def test_the_mapping_to_begin_with_is_the_one_of_its_page() -> None:
    assert (EXAMPLES / "mapping_guard.yaml").read_text(encoding="utf-8") == EXAMPLE_MAPPING
    shown = trials().mapping_examples
    kept = [json.loads(line) for line in (EXAMPLES / "mapping_guard.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each.topic for each in shown] == [each["topic"] for each in kept]
    assert [json.loads(each.payload)["data"][0] for each in shown] == [each["payload"]["data"][0] for each in kept]


def test_a_trial_runs_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_STORE", "a setting that cannot be used")
    messages = [TrialMessage.model_validate(each.model_dump()) for each in trials().mapping_examples]
    request = TrialRequest(mapping=EXAMPLE_MAPPING, messages=messages)
    answer = run_trial(request, AT)
    assert answer == tried(request, AT)
    assert outcomes(answer) == [("events", 4), ("events", 1), ("rejected", 0)]
    (smoke, temperature, *_) = answer.messages[0].events
    assert (smoke.class_, smoke.kind, smoke.state, smoke.device) == ("alarm", "smoke", "on", "b03-0502")
    assert (temperature.value, temperature.unit) == (55.0, "°C")
    assert "states does not name it" in answer.messages[2].reason


def test_all_faults_of_a_mapping_come_at_once_in_both_languages() -> None:
    answer = tried(
        TrialRequest(mapping=HEAD + "each: $.a[\nevents:\n  - {class: alarm, kind: smok}\n", messages=[message("{}")]), AT
    )
    assert [(each.line, each.column) for each in answer.faults] == [(4, 11), (6, 26)]
    assert answer.faults[1].sentence.zh.startswith("没有该种类（there is no")
    assert "did you mean 'smoke'" in answer.faults[1].sentence.en
    assert answer.messages == []


def test_a_message_over_which_our_adapter_stumbles_is_refused_as_a_live_desk_refuses_it() -> None:
    def stumble(foreign: Foreign) -> Ignored:
        raise KeyError(foreign.topic)

    odd = replace(FORMATS["senml"], name="odd", opens=pure(stumble))
    told = Decoder("", "community", odd).answer({"payload": "{}", "topic": "a/b"}, "here", 1)
    assert (told["outcome"], told["events"]) == ("rejected", [])
    assert "our adapter stumbled over this message (KeyError: 'a/b')" in told["reason"]


def test_a_payload_that_is_none_is_said_beside_the_others() -> None:
    request = TrialRequest(
        format="zigbee2mqtt",
        messages=[message("zz", encoding="hex"), message({"smoke": True}, topic="zigbee2mqtt/hall", retain=True)],
    )
    first, second = tried(request, AT).messages
    assert (first.outcome, "hexadecimal" in first.reason) == ("rejected", True)
    assert [each.retained for each in second.events] == [True]


def test_only_so_many_events_are_listed_and_all_are_counted() -> None:
    many = [{"n": f"d{number}", "u": "Cel", "v": 20} for number in range(EVENTS_MAX - 1)]
    answer = tried(TrialRequest(format="senml", messages=[message(many, topic="s/1")] * 2), AT)
    assert [(each.event_count, len(each.events)) for each in answer.messages] == [(199, 199), (199, 1)]
    assert not answer.is_whole


def test_what_works_too_long_is_ended() -> None:
    records = [{"n": f"d{number}", "a": list(range(60))} for number in range(200)]
    events = f"  - {{class: alarm, kind: smoke, when: '{ENDLESS}'}}\n" * 20
    request = TrialRequest(mapping=f"{HEAD}each: $[*]\nevents:\n{events}", messages=[message(records)] * 20)
    with pytest.raises(TrialStopped, match="CPU 0 s"):
        run_trial(request, AT, cpu_s=0)
    with pytest.raises(TrialStopped, match=r"0\.01 s"):
        run_trial(request, AT, within_s=0.01)


def test_a_fault_of_ours_is_not_laid_at_the_door_of_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RuntimeError, match="failed by itself"):
        run_trial(TrialRequest(format="senml"), AT)
