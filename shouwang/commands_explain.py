"""``shouwang explain``: why it was decided so, as a tree or as JSON; and whether the cited events alone lead to the same."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text
from rich.tree import Tree

from dashboard.reads import CaseRows
from dashboard.why import why_of
from rules.canonical import to_json
from rules.card import card_said
from rules.model import Sentence
from rules.why_shape import Sort, Why, WhyNode
from shouwang.casebook import Casebook, opened_casebook
from shouwang.exits import Exit
from shouwang.logs import escaped
from shouwang.options import ConfigOption, DataOption, settings_or_exit, stopped
from shouwang.screen import show
from simulator.recording import iso

_EFFECTS = (Sort.DISPATCH, Sort.NOTIFICATION, Sort.QUIETING, Sort.PERSON, Sort.CHANGE)
_BESIDE = {Sort.NOTIFICATION, Sort.CHANGE}
LISTED_MAX = 12
"""Messages and changes that the tree lists; ``--json`` has them all."""


def explain(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="An incident, alarm, warning or order: i-… a-… w-… d-…")],
    data: DataOption = None,
    config: ConfigOption = None,
    is_json: Annotated[bool, typer.Option("--json", help="The graph as JSON, as the API gives it.")] = False,
    is_checked: Annotated[
        bool, typer.Option("--check", help="Replay only the cited events: exit code 0 only if each decision comes again.")
    ] = False,
) -> None:
    """Say why: from the events over rule, version and limit to who was sent and told, and who was passed over."""
    with opened_casebook(settings_or_exit(config, data)) as book:
        case = book.case_of(record_id)
        if case is None:
            raise stopped(
                f"There is nothing of the id {escaped(record_id)}; the console and the API show ids.  没有这个编号。", Exit.FAILED
            )
        pack = book.pack_at(case.incident.opened_at, case.incident.pack_version)
        found = why_of(case, record_id, pack)
        if found is None:
            raise stopped(f"The case has nothing of the id {escaped(record_id)}.  没有这个编号。", Exit.FAILED)
        if is_json:
            typer.echo(to_json(found).decode())
        else:
            show(tree_of(found))
        if is_checked:
            raise typer.Exit(_check(book, case, found))


def tree_of(found: Why) -> Tree:
    """The graph as people read it: first what it is because of, down to the events, then what was done about it."""
    nodes = {node.id: node for node in found.nodes}
    because: dict[str, list[str]] = {}
    for edge in found.edges:
        because.setdefault(edge.node_id, []).append(edge.because_of_id)
    tree = Tree(_text(found.sentence))
    _add_card(tree, nodes[found.id])
    causes = tree.add(Text("因为 because of", style="bold"))
    _add_causes(causes, nodes, because, found.id, {found.id})
    effects = [node for node in found.nodes if node.sort in _EFFECTS and node.id != found.id]
    if effects:
        _add_effects(tree.add(Text("于是 and so", style="bold")), effects)
    return tree


def _add_causes(tree: Tree, nodes: dict[str, WhyNode], because: dict[str, list[str]], of: str, seen: set[str]) -> None:
    for name in because.get(of, []):
        if name in nodes and name not in seen:
            seen.add(name)
            branch = tree.add(_line(nodes[name]))
            _add_card(branch, nodes[name])
            _add_causes(branch, nodes, because, name, seen)


def _add_effects(tree: Tree, effects: list[WhyNode]) -> None:
    shown: dict[Sort, int] = {}
    for node in effects:
        shown[node.sort] = shown.get(node.sort, 0) + 1
        if node.sort in _BESIDE and shown[node.sort] > LISTED_MAX:
            continue
        branch = tree.add(_line(node))
        for said in node.passed_over_said:
            branch.add(Text(f"略过 passed over  {escaped(said.zh)}  {escaped(said.en)}", style="dim"))
    for sort in _BESIDE:
        if shown.get(sort, 0) > LISTED_MAX:
            tree.add(Text(f"… {shown[sort] - LISTED_MAX} × {sort.value}: --json", style="dim"))


def _add_card(branch: Tree, node: WhyNode) -> None:
    """What the rule says that the alarm means, and what is to be done."""
    for said in card_said(node.card) if node.card is not None else ():
        branch.add(_text(said))


def _line(node: WhyNode) -> Text:
    text = Text(f"{iso(node.at)}  ", style="cyan")
    return text.append_text(_text(node.sentence))


def _text(said: Sentence) -> Text:
    return Text(str(escaped(said.zh)), style="default").append(f"  {escaped(said.en)}", style="dim")


def _check(book: Casebook, case: CaseRows, found: Why) -> Exit:
    """Replay what is cited; each answer is a line on standard error, so that --json stays JSON."""
    mine = {node.entity_id for node in found.nodes if node.sort is Sort.JUDGEMENT}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("重放 replaying", total=None)
        all_answers = book.reproductions(case, lambda done, total: progress.update(task, completed=done, total=total))
        answers = [answer for answer in all_answers if answer.fact.entity_id in mine]
    for answer in answers:
        mark = "✔" if answer.is_same else "✘"
        fact = answer.fact
        typer.echo(f"{mark} {fact.entity_id} {fact.rule} {fact.level}: {answer.sentence.zh}  {answer.sentence.en}", err=True)
    if not answers:
        typer.echo("Nothing was checked: no decision, or no pack of that version at hand.  没有可重放的判定。", err=True)
    return Exit.OK if answers and all(answer.is_same for answer in answers) else Exit.FAILED
