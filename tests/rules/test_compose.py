"""A pack made from packs says what was meant, keeps each fault's file and line, and is one text that needs no other."""

from typing import Final

import pytest

from rules.definition import RulePack
from rules.model import Level
from rules.pack import check_pack, read_pack
from rules.pack_bundle import FILES_MAX, bundle, extended_by, is_bundle, pack_id_of
from rules.primitive import Silence, Threshold
from tests.rules.test_pack import GOOD, line_of

HEAD: Final = """\
pack: site
version: "2.0.0"
title: {zh: 小区, en: Site}
extends: small
"""


def read(site: str, **others: str) -> RulePack:
    return read_pack(bundle("site", {"site": HEAD + site, "small": GOOD, **others}), "site.yaml")


def faults(site: str, head: str = HEAD, **others: str) -> list[str]:
    text = bundle("site", {"site": head + site, "small": GOOD, **others})
    return [str(fault) for fault in check_pack(text, "site.yaml")]


def line(site: str, part: str) -> int:
    return line_of(HEAD + site, part)


# ---------------------------------------------------------------------------------------------------- what is composed


def test_a_pack_that_only_extends_is_the_base_under_its_own_name() -> None:
    pack, small = read(""), read_pack(GOOD)
    assert (pack.id, pack.version, pack.title.en) == ("site", "2.0.0", "Site")
    assert [rule.digest for rule in pack.rules] == [rule.digest for rule in small.rules]
    assert (pack.plans, pack.hazards, pack.responders) == (small.plans, small.hazards, small.responders)


def test_single_fields_are_overridden_and_their_neighbours_stay() -> None:
    pack = read("""\
override:
  rules:
    heat:
      title: {en: Warmth}
      warning_expires: 2h
      alarms: [{level: red, above: 60}]
      when: null
  plans: {go: {clocks: {acknowledged: 30s}}}
  hazards: {elder: {life_safety: true}}
  responders: {guard: {hours: null, zone: b09}}
""")
    heat = pack.rules[0]
    assert (heat.title.zh, heat.title.en) == ("温度", "Warmth")
    assert heat.warning_expires_s == 7200
    assert [stage.condition.test for stage in heat.alarms] == [Threshold(above=60)]
    assert heat.guard is None
    assert [stage.level for stage in heat.warnings] == [Level.BLUE, Level.YELLOW], "what is not named stays"
    assert pack.plans["go"].clocks[0].within_s == 30
    assert pack.hazards["elder"].is_life_safety
    assert (pack.responders[0].hours, pack.responders[0].zone) == (None, "b09")


def test_rules_are_disabled_entries_left_out_and_others_added() -> None:
    pack = read("""\
disable: [silent]
override: {hazards: {elder: null}}
rules:
  more:
    title: {zh: 多, en: More}
    hazard: fire
    kinds: smoke
    alarms: [{level: red, state: "on"}]
    plan: go
    source: ours
""")
    assert [rule.id for rule in pack.rules] == ["heat", "more"]
    assert list(pack.hazards) == ["fire"]


def test_several_bases_are_laid_one_after_the_other_and_a_shared_one_once() -> None:
    middle = 'pack: {id}\nversion: "1.0.0"\ntitle: {{zh: 中, en: Middle}}\nextends: small\n'
    pack = read(
        "",
        one=middle.format(id="one") + "override: {rules: {heat: {warning_expires: 5h}}}\n",
        two=middle.format(id="two") + "parties: {grid: {title: {zh: 网格, en: Grid}}}\n",
    )
    assert list(pack.parties) == ["property"], "what nobody extends has no say"
    head = HEAD.replace("extends: small", "extends: [one, two]")
    texts = {
        "site": head,
        "small": GOOD,
        "one": middle.format(id="one") + "override: {rules: {heat: {warning_expires: 5h}}}\n",
        "two": middle.format(id="two") + "parties: {grid: {title: {zh: 网格, en: Grid}}}\n",
    }
    pack = read_pack(bundle("site", texts))
    assert list(pack.parties) == ["property", "grid"]
    assert pack.rules[0].warning_expires_s == 5 * 3600


def test_the_time_zone_comes_from_the_base_unless_it_is_said() -> None:
    assert str(read("").timezone) == "Asia/Shanghai"
    assert str(read("timezone: Asia/Urumqi\n").timezone) == "Asia/Urumqi"


# ------------------------------------------------------------------------------------------------------------ one text


def test_the_same_texts_are_the_same_line_and_a_single_one_stays_as_it_is() -> None:
    one = bundle("site", {"site": HEAD, "small": GOOD})
    assert one == bundle("site", {"small": GOOD, "site": HEAD})
    assert is_bundle(one)
    assert "\n" not in one
    assert bundle("small", {"small": GOOD}) == GOOD
    assert not is_bundle(GOOD)
    assert read_pack(one).digest != read_pack(bundle("site", {"site": HEAD, "small": GOOD + "# a word\n"})).digest


def test_what_a_text_extends_is_found_without_reading_it_whole() -> None:
    assert extended_by(HEAD) == ("small",)
    assert extended_by("extends: [a, b]\nrules: {") == ()
    assert extended_by("extends: [a, b]\nnonsense: 1\n") == ("a", "b")
    assert extended_by("- a list") == extended_by("x: 1") == ()
    assert (pack_id_of(HEAD), pack_id_of("- x"), pack_id_of("pack: 3"), pack_id_of("a: [")) == ("site", "", "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"files":{"a":1 "shouwang_packs":1}', "damaged"),
        ('{"files":{"a":"x"},"main":"b","shouwang_packs":1}', "no main pack"),
        ('{"files":{"a":1},"main":"a","shouwang_packs":1}', "no text"),
        (bundle("a", {**{f"p{number}": "x: 1" for number in range(FILES_MAX)}, "a": "x: 1"}), f"at most {FILES_MAX}"),
    ],
)
def test_a_damaged_set_of_packs_is_refused(text: str, expected: str) -> None:
    (fault,) = check_pack(text)
    assert expected in fault.message


# ------------------------------------------------------------------------------------------- faults, each at its place


def test_faults_of_several_files_are_told_at_once_each_with_its_file_and_line() -> None:
    site = "override:\n  rules:\n    heat: {alarms: [{level: red, above: 40}]}\n    heet: {plan: go}\ndisable: [nobody]\n"
    base = GOOD.replace("hazard: elder", "hazard: older")
    told = [str(fault) for fault in check_pack(bundle("site", {"site": HEAD + site, "small": base}), "site.yaml")]
    at_fault = line_of(base, "hazard: older")
    assert f"small.yaml:{at_fault}:13: unknown hazard 'older'; did you mean 'elder'?" in told
    missing = f"site.yaml:{line(site, 'heet')}:5: there is no 'heet' to override in rules; did you mean 'heat'?"
    assert any(each.startswith(missing) for each in told)
    assert any(each.startswith(f"site.yaml:{line(site, 'nobody')}:11: there is no rule 'nobody' to disable") for each in told)
    worse = "a warning at 50 comes after every alarm of this rule; it must come before"
    assert any(worse in each and each.startswith(f"small.yaml:{line_of(base, 'above: 50')}:") for each in told)
    assert len(told) == 4


def test_an_overridden_field_that_does_not_exist_is_told_where_it_was_written() -> None:
    site = "override:\n  rules:\n    heat:\n      latchin: true\n"
    assert faults(site) == [f"site.yaml:{line(site, 'latchin')}:7: unknown field 'latchin'; did you mean 'latching'?"]


def test_what_a_base_has_already_must_be_overridden_not_written_again() -> None:
    site = "parties:\n  property: {title: {zh: 别, en: Other}}\n"
    where = line_of(GOOD, "  property: {title")
    todo = "write what differs under override: parties: property, or take another id"
    assert faults(site) == [
        f"site.yaml:{line(site, 'property')}:3: 'property' is defined already in small.yaml:{where}; {todo}",
    ]


def test_a_section_that_cannot_be_overridden_is_told() -> None:
    site = "override: {role: {heat: {}}}\n"
    assert faults(site) == [f"site.yaml:{line(site, 'role')}:12: 'role' cannot be overridden; did you mean 'rules'?"]


def test_a_pack_must_say_its_own_name_and_version() -> None:
    told = faults("", head="extends: small\ntitle: {zh: 无名, en: Nameless}\n")
    assert [each.partition(": ")[2].partition(":")[0] for each in told] == ["'pack' is missing", "'version' is missing"]
    assert all(each.startswith("site.yaml:") for each in told)


def test_a_base_that_is_not_there_is_told() -> None:
    (fault,) = [each for each in faults("", head=HEAD.replace("small", "smal")) if "there is no pack" in each]
    assert fault.startswith("site.yaml:4:10: there is no pack 'smal' here; did you mean 'small'?")
    (alone,) = [str(each) for each in check_pack(HEAD, "site.yaml") if "there is no pack" in each.message]
    assert alone.startswith("site.yaml:4:10: there is no pack 'small' here; none is defined")


def test_a_base_that_calls_itself_otherwise_is_told() -> None:
    text = bundle("site", {"site": HEAD, "small": GOOD.replace("pack: small", "pack: tiny")})
    (fault,) = check_pack(text, "site.yaml")
    assert "site.yaml:4:10: the file small.yaml holds another pack" in str(fault)


def test_packs_that_extend_each_other_are_told_with_the_chain() -> None:
    text = bundle("site", {"site": HEAD, "small": GOOD + "extends: site\n"})
    (fault,) = check_pack(text, "site.yaml")
    assert str(fault).startswith(f"small.yaml:{GOOD.count(chr(10)) + 1}:10: a pack cannot extend itself: site → small → site")
    (own,) = [str(each) for each in check_pack(HEAD.replace("small", "site"), "site.yaml") if "itself" in each.message]
    assert "site → site" in own


def test_a_base_that_is_no_yaml_and_one_that_is_no_mapping_are_told_in_their_own_lines() -> None:
    text = bundle("site", {"site": HEAD, "small": GOOD + "rules: ["})
    (fault,) = check_pack(text, "site.yaml")
    assert (fault.file, fault.line) == ("small.yaml", GOOD.count("\n") + 1)
    told = check_pack(bundle("site", {"site": HEAD, "small": "- a\n"}), "site.yaml")
    assert "small.yaml:1:1: a pack is a mapping" in [str(each) for each in told]
    (empty,) = check_pack(bundle("site", {"site": HEAD, "small": ""}), "site.yaml")
    assert str(empty) == "small.yaml:1:1: the file is empty"


def test_a_malformed_composition_is_told_before_all_else() -> None:
    (fault,) = faults("", head=HEAD.replace("extends: small", "extends: 7"))
    assert fault.startswith("site.yaml:4:10: extends: expected a list")


def test_a_condition_of_a_base_is_pointed_into() -> None:
    base = GOOD.replace("confidence >= 0.5", "confidence >= 'x'")
    told = check_pack(bundle("site", {"site": HEAD, "small": base}), "site.yaml")
    assert [(fault.file, fault.line) for fault in told] == [("small.yaml", line_of(base, "confidence >="))]


# ------------------------------------------------------------------------------------------------------------ parameters

PARAMETERS: Final = """\
parameters:
  heat_limit: {title: {zh: 温度限, en: Heat limit}, unit: °C, low: 55, high: 70, default: 57}
  quiet: {title: {zh: 静默, en: Quiet}, type: duration, low: 4h, high: 48h, default: 12h}
override:
  rules:
    heat: {alarms: [{level: red, above: $heat_limit}]}
    silent: {warnings: [{level: yellow, silent_for: $quiet}], sentence: {zh: "{zone} ${quiet}", en: "{zone} ${quiet}"}}
communities:
  c1: {heat_limit: 60}
  c2: {quiet: 24h}
"""


def test_each_community_has_its_own_values_and_all_others_the_defaults() -> None:
    pack = read(PARAMETERS)

    def limits(of: RulePack) -> tuple[object, object]:
        return of.rules[0].alarms[0].condition.test, of.rules[1].warnings[0].condition.test

    assert limits(pack) == (Threshold(above=57), Silence(for_s=12 * 3600))
    assert limits(pack.by_community["c1"]) == (Threshold(above=60), Silence(for_s=12 * 3600))
    assert limits(pack.by_community["c2"]) == (Threshold(above=57), Silence(for_s=24 * 3600))
    assert pack.rules[1].sentence is not None
    assert pack.rules[1].sentence.en == "{zone} 12h"


def test_a_pack_without_bases_has_parameters_too() -> None:
    text = GOOD.replace("above: 57", "above: $limit")
    text += "parameters: {limit: {title: {zh: 限, en: Limit}, unit: °C, default: 58}}\n"
    assert read_pack(text).rules[0].alarms[0].condition.test == Threshold(above=58)


def test_what_a_site_sets_stands_beside_what_its_base_sets() -> None:
    trade = HEAD.replace("pack: site", "pack: trade") + PARAMETERS
    head = HEAD.replace("extends: small", "extends: trade")
    site = head + "communities: {c1: {quiet: 20h}, c3: {heat_limit: 65}}\noverride: {parameters: {quiet: {default: 8h}}}\n"
    pack = read_pack(bundle("site", {"site": site, "trade": trade, "small": GOOD}))
    assert list(pack.by_community) == ["c1", "c2", "c3"]
    first = pack.by_community["c1"].rules
    assert first[0].alarms[0].condition.test == Threshold(above=60)
    assert first[1].warnings[0].condition.test == Silence(for_s=20 * 3600)
    assert pack.rules[1].warnings[0].condition.test == Silence(for_s=8 * 3600)


@pytest.mark.parametrize(
    ("before", "after", "place", "expected"),
    [
        ("heat_limit: 60", "heat_limit: 80", "80", "80 °C is outside 55 to 70 °C"),
        ("heat_limit: 60", "heat_limit: hot", "hot", "a number was expected, came 'hot'"),
        ("heat_limit: 60", "heat_limt: 60", "heat_limt", "unknown parameter 'heat_limt'; did you mean 'heat_limit'?"),
        ("quiet: 24h", "quiet: 3h", "quiet: 3h", "10800 s is outside 14400 to 172800 s"),
        ("quiet: 24h", "quiet: soon", "quiet: soon", "a duration was expected, came 'soon'"),
        ("default: 57", "default: 20", "heat_limit: {title", "20 °C is outside"),
        (
            "above: $heat_limit",
            "above: $heet_limit",
            "$heet_limit",
            "unknown parameter '$heet_limit'; did you mean 'heat_limit'?",
        ),
        ("unit: °C, low", "unit: °F, low", "$heat_limit", "the parameter 'heat_limit' is in '°F', the rule's limits are in '°C'"),
        ("unit: °C, low", "low", "$heat_limit", "the parameter 'heat_limit' is without a unit"),
        ("type: duration, low", "type: duration, unit: h, low", "quiet:", "a duration has no unit"),
        ("unit: °C, low: 55", "unit: °C, words: [a], low: 55", "heat_limit: {", "a word needs words"),
    ],
)
def test_a_parameter_out_of_its_range_or_misspelt_is_told_where_it_stands(
    before: str, after: str, place: str, expected: str
) -> None:
    site = PARAMETERS.replace(before, after, 1)
    told = faults(site)
    assert any(each.startswith(f"site.yaml:{line(site, place)}:") and expected in each for each in told), told


def test_a_parameter_that_is_used_nowhere_is_told() -> None:
    site = "parameters: {idle: {title: {zh: 闲, en: Idle}, default: 1}}\n"
    assert faults(site) == ["site.yaml:5:14: the parameter 'idle' is used nowhere; write $idle where it belongs"]


def test_a_value_that_breaks_the_pack_in_one_community_is_told_with_its_name() -> None:
    site = PARAMETERS.replace("low: 55", "low: 40").replace("heat_limit: 60", "heat_limit: 45")
    (fault,) = faults(site)
    assert "a warning at 50 comes after every alarm" in fault
    assert fault.endswith("(with the parameters of 'c1')")


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("type: hours, default: '22:00-06:00'", "'23:00-05:00'", "late"),
        ("type: level, default: red", "orange", "purple"),
        ("type: word, words: [wet, dry], default: wet", "dry", "damp"),
        ("type: flag, default: true", "false", "maybe"),
        ("type: text, default: ours", "GB 4716", "5"),
    ],
)
def test_every_type_of_parameter_takes_what_it_is(form: str, good: str, bad: str) -> None:
    used = {"hours": "hours: $p", "level": "alarms: [{level: $p, above: 57}]", "flag": "latching: $p", "text": "source: $p"}
    sort = form.partition(" ")[2].partition(",")[0]
    field = used.get(sort, "sentence: {zh: '${p}', en: '${p}'}")
    site = f"parameters: {{p: {{title: {{zh: 参, en: P}}, {form}}}}}\noverride: {{rules: {{heat: {{{field}}}}}}}\n"
    assert faults(site + f"communities: {{c1: {{p: {good}}}}}\n") == []
    assert faults(site + f"communities: {{c1: {{p: {bad}}}}}\n") != []


def test_a_range_is_for_numbers_and_durations_alone() -> None:
    site = "parameters: {p: {title: {zh: 参, en: P}, type: flag, high: 3, default: true}}\n"
    site += "override: {rules: {heat: {latching: $p}}}\n"
    assert faults(site) == ["site.yaml:5:53: a flag has no range"]


def test_an_override_that_spoils_a_parameter_is_told() -> None:
    trade = HEAD.replace("pack: site", "pack: trade") + PARAMETERS
    head = HEAD.replace("extends: small", "extends: trade")
    site = head + "override: {parameters: {quiet: {low: early}}}\n"
    told = check_pack(bundle("site", {"site": site, "trade": trade, "small": GOOD}), "site.yaml")
    assert any(fault.file == "site.yaml" and fault.message.startswith("low: a duration is") for fault in told)


def test_a_limit_may_be_below_zero() -> None:
    site = "parameters: {p: {title: {zh: 参, en: P}, unit: °C, low: -30, high: 70, default: 57}}\n"
    site += "override: {rules: {heat: {alarms: [{level: red, above: $p}]}}}\n"
    assert faults(site) == []


def test_what_is_set_must_be_plain_and_a_range_may_be_open() -> None:
    told = faults(PARAMETERS.replace("heat_limit: 60", "heat_limit: [60]"))
    assert any("heat_limit: expected a number, a duration, a word, or true or false, came a list of 1" in each for each in told)
    told = faults(PARAMETERS.replace("low: 55, high: 70", "low: 55").replace("heat_limit: 60", "heat_limit: 50"))
    assert any("50 °C is outside 55 to any °C" in each for each in told)


def test_a_flag_stands_in_a_condition_like_any_other() -> None:
    site = "parameters: {p: {title: {zh: 参, en: P}, type: flag, default: true}}\n"
    site += "override: {rules: {heat: {when: 'value > 1.0 && ${p}'}}}\n"
    assert read(site).rules[0].guard_text == "value > 1.0 && true"


def test_an_entry_that_is_no_mapping_is_told_as_what_it_is() -> None:
    told = faults("override: {rules: {heat: {alarms: 7}}}\nrules: 5\n")
    assert any("rules: expected a mapping, came the number 5" in each for each in told)
