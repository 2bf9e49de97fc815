"""The report of a backtest as one HTML page that needs nothing else, in Chinese and English."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from rules.model import Sentence
from simulator.judge import plots
from simulator.judge.truth_file import STAGES
from simulator.judge.words import DIFFERENCE_WORDS, FIGURE_WORDS, LOAD_WORDS, NONE, STAGE_WORDS, VERDICT_WORDS, WEIGHT_WORDS, said

Plain = Mapping[str, Any]
ROWS_MAX: Final = 300
"""Rows of a list on the page; report.json has them all. Ours."""
_COUNTED: Final = ("detected", "late", "missed", "false", "duplicates")
_SHORT: Final = ("asked", "detected", "late", "missed", "false", "duplicates", "recall", "precision")
_STYLE: Final = """
body{font:15px/1.5 "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif;margin:2rem auto;
max-width:1320px;padding:0 1rem;color:#212529;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #dee2e6}
table{border-collapse:collapse;margin:.5rem 0;font-size:.9rem}
th,td{padding:.25rem .6rem;border-bottom:1px solid #e9ecef;text-align:right}
th:first-child,td:first-child,td.t{text-align:left}th{font-weight:600;background:#f8f9fa;vertical-align:bottom}
th,td{white-space:nowrap}th small{display:inline-block;white-space:normal;max-width:7.5em;line-height:1.2}
th small,.en{color:#5c636a;font-weight:400}
.missed,.false{color:#c92a2a;font-weight:600}.late{color:#9c6500;font-weight:600}
svg{max-width:100%;height:auto}svg text{font-size:12px;fill:#212529}svg .n{font-size:11px;fill:#495057}.scroll{overflow-x:auto}
"""


def page(report: Plain) -> str:
    """The page. Its text is the same for the same report."""
    pack, what = report["pack"], report["input"]
    title = f"回测报告 Backtest: {pack['id']} {pack['version']}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _told(what),
        _unheard(what),
        _section("总体", "Over all", _stages(report["all"]) + _load(report["all"])),
        _section("代价", "Cost", _costs(report)),
        _section("及时、迟报、漏报、误报", "Alarms: in time, late, missed, false", _counts(report["by_hazard"])),
        _section("从发生到各环节", "From the start of a happening to each stage", _curves(report["happenings"])),
        _section("按灾种", "By hazard", _slices(report["by_hazard"])),
        _section("按规则（单独看）", "By rule, each as if it were the only one", _slices(report["by_rule"])),
        _section("按社区", "By community", _slices(report["by_community"])),
        _section("每起事件", "Each happening", _happenings(report["happenings"])),
    ]
    if "against" in report:
        old = report["against"]["pack"]
        told = f"<p>{escape(old['id'])} {escape(old['version'])} → {escape(pack['id'])} {escape(pack['version'])}</p>"
        parts.append(_section("与旧规则包相比", "Against the old pack", told + _difference(report["against"]["difference"])))
    if "shadow" in report:
        own = _slices(report["shadow"]["by_rule"]) + _difference(report["shadow"]["difference"])
        parts.append(
            _section("影子规则（旧 = 现行，新 = 影子）", "Shadow rules (old: live, new: shadow), in no figure above", own)
        )
    return (
        f'<!doctype html>\n<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _told(what: Plain) -> str:
    return (
        f"<p>{escape(str(what['from'] or NONE))} – {escape(str(what['until'] or NONE))}; {what['events']:,} 条事件 events "
        f"({what['refused']} 拒收 refused), {len(what['communities'])} 个社区 communities, "
        f"{what['happenings']} 起真实事件 happenings. <span class=en>How each figure is counted: docs/judge.md.</span></p>"
    )


def _unheard(what: Plain) -> str:
    if not what["unheard"]:
        return ""
    names = escape(", ".join(what["unheard"]))
    return f"<p class=missed>以下社区没有任何事件，其中发生的全部算漏报 no events at all, so all is missed there: {names}</p>"


def _section(zh: str, en: str, body: str) -> str:
    return f"<h2>{escape(zh)} <span class=en>{escape(en)}</span></h2>\n{body}"


def _stages(figures: Plain) -> str:
    rows = [
        [f"{STAGE_WORDS[stage].zh} {STAGE_WORDS[stage].en}", *_figures(figures[stage], tuple(FIGURE_WORDS))] for stage in STAGES
    ]
    return _table(["", *[_head(name) for name in FIGURE_WORDS]], rows)


def _figures(figures: Plain, names: Iterable[str]) -> list[str]:
    return [
        said(name, figures[name], figures["lead_count" if name.startswith("lead") else "asked"]) if name in figures else NONE
        for name in names
    ]


def _load(figures: Plain) -> str:
    heads = [_two(words) for words in LOAD_WORDS.values()]
    return _table(heads, [[said(name, figures[name]) for name in LOAD_WORDS]])


def _costs(report: Plain) -> str:
    titles = {one["id"]: f"{one['title_zh']} {one['title_en']}" for one in report["profiles"]}
    weights = [name for name in report["profiles"][0] if name not in ("id", "title_zh", "title_en")]
    costs = report["all"]["cost"]
    rows = [[titles[one["id"]], f"{costs[one['id']]:.2f}", *[f"{one[name]:g}" for name in weights]] for one in report["profiles"]]
    hazards = {name: figures["cost"]["standard"] for name, figures in report["by_hazard"].items()}
    told = "<p>标准口径下各灾种的代价 <span class=en>Cost of each hazard, standard profile</span></p>" + plots.bars(hazards)
    heads = ["", "代价<br><small>cost</small>", *[_two(WEIGHT_WORDS[name]) for name in weights]]
    return _table(heads, rows) + (told if hazards else "")


def _counts(slices: Plain) -> str:
    legend = {name: f"{FIGURE_WORDS[name].zh} {FIGURE_WORDS[name].en}" for name in _COUNTED}
    return plots.counts({name: figures["alarm"] for name, figures in slices.items()}, _COUNTED, legend) if slices else ""


def _curves(happened: Sequence[Plain]) -> str:
    curves: dict[str, list[float | None]] = {}
    for stage in STAGES:
        asked = [one[stage] for one in happened if one[stage]["verdict"] not in ("not asked", "unasked")]
        if asked:
            curves[f"{STAGE_WORDS[stage].zh} {STAGE_WORDS[stage].en} ({len(asked)})"] = [one["after_start_s"] for one in asked]
    return plots.steps(curves, "发生后秒数 seconds after start") if curves else f"<p>{NONE}</p>"


def _slices(slices: Plain) -> str:
    heads = ["", *[_head(name) for name in _SHORT], "预警精确率<br><small>warnings' precision</small>"]
    heads += ["预警误报<br><small>false warnings</small>", _head("lead_p50_s"), "报警用时<br><small>time to alarm p50</small>"]
    heads += [_two(LOAD_WORDS[name]) for name in ("false_alarms_per_operator_day", "flood_s")]
    heads += ["代价<br><small>cost</small>"]
    rows = [
        [
            escape(name),
            *_figures(own["alarm"], _SHORT),
            said("precision", own["warning"]["precision"]),
            str(own["warning"]["false"]),
            *_figures(own["warning"], ["lead_p50_s"]),
            *_figures(own["alarm"], ["time_p50_s"]),
            said("", own["false_alarms_per_operator_day"]),
            said("flood_s", own["flood_s"]),
            f"{own['cost']['standard']:.2f}",
        ]
        for name, own in slices.items()
    ]
    return _table(heads, rows)


def _happenings(happened: Sequence[Plain]) -> str:
    worst = sorted(happened, key=lambda one: (_rank(one["alarm"]["verdict"]), one["start"]))
    rows = [
        [
            escape(one["start"]),
            *[escape(one[name]) for name in ("community", "hazard", "zone")],
            *[_came(one[stage]) for stage in STAGES],
        ]
        for one in worst[:ROWS_MAX]
    ]
    heads = ["发生<br><small>start</small>", "社区<br><small>community</small>", "灾种<br><small>hazard</small>"]
    heads += [
        "位置<br><small>zone</small>",
        *[_two(STAGE_WORDS[stage]) for stage in STAGES],
    ]
    return _table(heads, rows) + _more(len(happened))


def _rank(verdict: str) -> int:
    return ("missed", "late").index(verdict) if verdict in ("missed", "late") else 2


def _came(one: Plain) -> str:
    verdict = one["verdict"]
    words = VERDICT_WORDS[verdict]
    when = "" if one["after_start_s"] is None else f" {said('x_s', one['after_start_s'])}"
    return f'<span class="{verdict.replace(" ", "-")}" title="{escape(one["rule"])}">{words.zh} {words.en}</span>{when}'


def _difference(difference: Plain) -> str:
    heads = ["", *[_two(words) for words in DIFFERENCE_WORDS.values()]]
    rows = [
        [f"{STAGE_WORDS[stage].zh} {STAGE_WORDS[stage].en}", *[said(name, difference[stage][name]) for name in DIFFERENCE_WORDS]]
        for stage in STAGES
    ]
    alarms = difference["alarm"]
    return _table(heads, rows) + "".join([_listed(alarms[f"{name}_list"], name) for name in ("only_old", "only_new", "both")])


def _listed(some: Sequence[Plain], name: str) -> str:
    if not some:
        return ""
    words = DIFFERENCE_WORDS[name]
    rows = [
        [
            escape(one["at"]),
            *[escape(one[field]) for field in ("community", "hazard", "zone", "rule", "device")],
            f"{VERDICT_WORDS[one['verdict']].zh} {VERDICT_WORDS[one['verdict']].en}",
            f"{one['shift_s']:+.1f} s" if "shift_s" in one else "",
        ]
        for one in some[:ROWS_MAX]
    ]
    titles = (("时间", "at"), ("社区", "community"), ("灾种", "hazard"), ("位置", "zone"), ("规则", "rule"), ("设备", "device"))
    heads = [_two(Sentence(zh, en)) for zh, en in (*titles, ("结论", "verdict"), ("时移", "shift"))]
    return f"<p>报警{words.zh} <span class=en>alarms, {words.en}</span></p>" + _table(heads, rows)


def _head(name: str) -> str:
    return _two(FIGURE_WORDS[name])


def _two(words: Sentence) -> str:
    return f"{words.zh}<br><small>{words.en}</small>"


def _more(count: int) -> str:
    return f"<p>… {count - ROWS_MAX} more: report.json</p>" if count > ROWS_MAX else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join([f"<th>{one}</th>" for one in heads])
    body = "".join(["<tr>" + "".join([f"<td>{cell}</td>" for cell in row]) + "</tr>" for row in rows])
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
