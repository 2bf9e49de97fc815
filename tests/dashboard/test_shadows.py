"""GET /v1/reports/shadow: what shadow rules would have raised, as the shadows' process found it; and what is said of nothing."""

from dataclasses import replace

import pytest

from dashboard.shadow_shape import NotHeard, ShadowDecision, ShadowRule, ShadowsHeard, ShadowStage, ShadowsTooMany
from dashboard.shadows import DAY_MS
from dashboard.web import Hindsight
from rules.primitive import StateIs
from tests.dashboard.conftest import Site
from tests.rules.score import pack, rule, said, stage

NOW = 1_795_500_000_000
HOUR_MS = 3_600_000
ALARM = (stage("red", StateIs(states=("on",))),)
PACK = pack(
    rule("smoke", "smoke", alarms=ALARM, title=said("Smoke detector")),
    replace(rule("draft", "smoke", alarms=ALARM, title=said("Draft")), is_shadow=True),
    replace(rule("fresh", "smoke", alarms=ALARM, title=said("Fresh draft")), is_shadow=True),
)


def counted(both: int = 0, only_shadow: int = 0, only_live: int = 0) -> ShadowStage:
    return ShadowStage(
        raised_count=both + only_shadow,
        both_count=both,
        only_shadow_count=only_shadow,
        only_live_count=only_live,
        earlier_count=both,
        later_count=0,
        shift_p50_s=-20.0 if both else None,
    )


def decided(fate: str, at: int, zone: str, **changes: str) -> ShadowDecision:
    words = {"rule": "draft", "live_rule": "", "incident_id": "", "community": "jade", "device": "s-1", "level": "red"}
    return ShadowDecision.model_validate({"fate": fate, "stage": "alarm", "at": at, "zone": zone, **(words | changes)})


HEARD = ShadowsHeard(
    heard_until_at=NOW - 4000,
    gaps=[NotHeard(from_at=NOW - 50 * HOUR_MS, until_at=NOW - 40 * HOUR_MS)],
    fault_count=1,
    rules=[
        ShadowRule(
            rule="draft",
            hazard="fire",
            since_at=NOW - 3 * DAY_MS,
            until_at=None,
            heard_days=3.0,
            warning=counted(),
            alarm=counted(both=4, only_shadow=2, only_live=1),
            dispatch=counted(both=4, only_shadow=2),
            latest=[
                decided("only_shadow", NOW - HOUR_MS, "b03/u1/0502"),
                decided("both", NOW - 2 * HOUR_MS, "b01/u2/0301", live_rule="smoke", incident_id="i-4c1d7be2a90f3358"),
                decided("only_live", NOW - 9 * HOUR_MS, "b02", rule="smoke", incident_id="i-4c1d7be2a90f3358"),
            ],
        )
    ],
)


@pytest.fixture
def asked(site: Site) -> list[tuple[int, int]]:
    """Which stretches were asked for, at a desk whose pack has two shadow rules, of which one was heard."""
    stretches: list[tuple[int, int]] = []

    def shadows(from_at: int, until_at: int) -> ShadowsHeard:
        stretches.append((from_at, until_at))
        return HEARD

    site.clock.now = NOW
    site.app.state.web = replace(site.web, find_pack=lambda: PACK, hindsight=Hindsight(shadows=shadows))
    return stretches


def test_what_each_shadow_would_have_raised_beside_the_live_rules(site: Site, asked: list[tuple[int, int]]) -> None:
    found = site.client().get("/v1/reports/shadow").json()
    assert asked == [(NOW - 7 * DAY_MS, NOW)]
    assert (found["at"], found["heard_until_at"], found["fault_count"]) == (NOW, NOW - 4000, 1)
    [draft] = found["rules"]
    alarm = draft["alarm"]
    assert (alarm["raised_count"], alarm["both_count"], alarm["only_shadow_count"], alarm["only_live_count"]) == (6, 4, 2, 1)
    assert [(row["fate"], row["incident_id"]) for row in draft["latest"]] == [
        ("only_shadow", ""),
        ("both", "i-4c1d7be2a90f3358"),
        ("only_live", "i-4c1d7be2a90f3358"),
    ]
    assert found["unheard_rules"] == ["fresh"]
    assert {name: words["en"] for name, words in found["titles"].items()} == {
        "draft": "Draft",
        "fresh": "Fresh draft",
        "smoke": "Smoke detector",
    }


def test_the_days_are_the_asker_s_within_bounds(site: Site, asked: list[tuple[int, int]]) -> None:
    client = site.client()
    assert client.get("/v1/reports/shadow?days=30").json()["from_at"] == NOW - 30 * DAY_MS
    assert [client.get(f"/v1/reports/shadow?days={days}").status_code for days in (0, 91, "x", "1&days=2")] == [422] * 4
    assert len(asked) == 1


def test_without_a_shadow_nothing_is_said(site: Site) -> None:
    found = site.client().get("/v1/reports/shadow").json()
    assert (found["rules"], found["unheard_rules"], found["heard_until_at"], found["titles"]) == ([], [], None, {})


def test_too_much_is_refused_with_what_to_do(site: Site) -> None:
    def shadows(_from_at: int, _until_at: int) -> ShadowsHeard:
        raise ShadowsTooMany

    site.app.state.web = replace(site.web, hindsight=Hindsight(shadows=shadows))
    refused = site.client().get("/v1/reports/shadow?days=90")
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "query.days")
    assert "shouwang shadow report" in refused.json()["error"]["en"]
