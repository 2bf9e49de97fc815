"""核实: was it real? A person's verdict on a case, with a reason; a changed one stands beside the earlier, never in its place."""

from dataclasses import replace
from typing import Final

from rules.book import Book, Case
from rules.model import GivenVerdict, Incident, OperatorAction, Reason, Sentence, Verdict
from rules.refusal import RefusedError, optional_text

VERDICTS: Final = {
    Verdict.REAL: Sentence("属实", "real"),
    Verdict.FALSE: Sentence("误报", "false alarm"),
    Verdict.BENIGN: Sentence("属实无害", "real, but benign"),
    Verdict.DRILL: Sentence("演练", "drill"),
}
"""What may be found out. Real: there was danger. Benign: the sensor was right, and no danger. False: the sensor was not right."""
TAKEN_BACK: Final = Sentence("撤回结论，待核实", "taken back, to be verified")
WHY_MAX: Final = 1000
"""Characters of a reason that are kept."""


def said_of(verdict: Verdict) -> Sentence:
    """What to call it."""
    return VERDICTS.get(verdict, TAKEN_BACK)


def asked_verdict(action: OperatorAction, incident: Incident, *, otherwise: Verdict = Verdict.UNTRIAGED) -> Verdict:
    """The verdict in the arguments, else ``otherwise``. It is taken back only where one was given. Raises RefusedError."""
    value = action.arguments.get("verdict", otherwise.value)
    is_back = value == Verdict.UNTRIAGED and "verdict" in action.arguments and incident.verdict is not Verdict.UNTRIAGED
    known = [verdict.value for verdict in VERDICTS]
    if value not in known and not is_back:
        words = ", ".join(known)
        raise RefusedError(Reason.ARGUMENT_MISSING, f"需要核实结论 verdict：{words}", f"a verdict is needed, one of: {words}")
    return Verdict(str(value))


def verify(book: Book, case: Case, action: OperatorAction) -> None:
    """Give a verdict, or another one; another needs a reason. Raises RefusedError."""
    before = case.incident
    verdict = asked_verdict(action, before)
    why = optional_text(action, "reason")[:WHY_MAX]
    if before.verdict not in (Verdict.UNTRIAGED, verdict) and not why:
        raise RefusedError(
            Reason.ARGUMENT_MISSING,
            f"已核实为“{said_of(before.verdict).zh}”，更改须说明理由 reason",
            f"it was verified as {said_of(before.verdict).en}; another verdict needs a reason",
        )
    incident = given(replace(before, changed_at=book.now), verdict, book.now, action.actor, why)
    book.put_case(replace(case, incident=incident))
    words = said_of(verdict)
    said = Sentence(f"{action.actor} 核实：{words.zh}", f"{action.actor} verified it: {words.en}")
    if before.verdict not in (Verdict.UNTRIAGED, verdict):
        earlier = said_of(before.verdict)
        said = Sentence(f"{said.zh}（原为{earlier.zh}）", f"{said.en} (it was: {earlier.en})")
    if why:
        said = Sentence(f"{said.zh}；{why}", f"{said.en}; {why}")
    book.tell(
        incident, "verified", Reason.OPERATOR_ASKED, said, from_state=incident.state, actor=action.actor, value=verdict.value
    )


def given(incident: Incident, verdict: Verdict, at: int, actor: str, why: str) -> Incident:
    """The incident with one more verdict; all that were given before stay."""
    return replace(
        incident, verdict=verdict, verdicts=(*incident.verdicts, GivenVerdict(verdict=verdict, at=at, by=actor, why=why))
    )
