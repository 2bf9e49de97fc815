"""处警: orders to responders. Placed by the plan, passed on when they fail, owed while nobody is free, and their clocks."""

from dataclasses import replace
from functools import partial
from typing import Final, cast

from rules.book import Book, Case, Placed, Run
from rules.canonical import digest_id
from rules.choice import choose, free_capabilities
from rules.clocks import meet, next_step_at, run_clocks, start_clocks
from rules.definition import Order, Plan, Responder
from rules.escalation import STEPS, tell_step
from rules.incident import close_watch_if_over, notify
from rules.lifecycle import DISPATCH, INCIDENT, move
from rules.model import Dispatch, Level, PassedOver, Reason, Sentence
from rules.sentence import join

RETRY_MS: Final = 60_000
"""How often what nobody could take is tried again (on the full minute), besides at once when somebody becomes free; ours."""
GIVE_UP_SHARE: Final = 2
"""An order that is not accepted within this many times its clock goes to the next responder (domain page B3)."""
MEETS: Final = {
    "accept": ("accepted",),
    "en_route": ("accepted", "en_route"),
    "on_scene": ("accepted", "en_route", "on_scene"),
    "complete": ("accepted", "en_route", "on_scene", "completed"),
}


def place_orders(book: Book, case: Case, level: Level) -> None:
    """Order whom the plan sends at this level, and who was not ordered before in this episode."""
    placed = {entry.order for entry in case.placed}
    for number, order in enumerate(case.plan.orders if case.plan else ()):
        if number not in placed and not order.from_level.is_worse_than(level):
            place_order(book, case.incident.id, Placed(order=number))


def place_order(book: Book, incident_id: str, placed: Placed) -> None:
    """Give one order of the plan to the best responder, or owe it and say so."""
    case = book.cases[incident_id]
    plan = cast(Plan, case.plan)  # only a plan has orders
    order = plan.orders[placed.order]
    chosen, passed_over = choose(book, case.incident, order.capability, placed.tried)
    if chosen is None:
        _owe(book, case, plan, placed)
        return
    dispatch = send(book, case, chosen, placed.order, Reason.PLAN_ORDERED, passed_over)
    _keep_placed(book, incident_id, replace(placed, dispatch_id=dispatch.id))


def send(
    book: Book,
    case: Case,
    responder: Responder,
    number: int,
    reason: Reason,
    passed_over: tuple[PassedOver, ...] = (),
    actor: str = "",
) -> Dispatch:
    """Order this responder. ``number`` is the order of the plan, -1 where it has none for them."""
    incident, plan = case.incident, case.plan
    order = plan.orders[number] if plan is not None and number >= 0 else None
    task = order.task if order else join(Sentence("前往处置", "go and handle"), incident.title)
    dispatch = Dispatch(
        id=digest_id("d", incident.id, responder.id, number, book.now, book.cause_id),
        community=incident.community,
        incident_id=incident.id,
        hazard=incident.hazard,
        level=incident.level,
        zone=incident.zone,
        responder=responder.id,
        party=responder.party,
        plan=incident.plan,
        task=task,
        pack_version=book.pack.version,
        state=DISPATCH.initial,
        ordered_at=book.now,
        changed_at=book.now,
        clocks=start_clocks(order.clocks if order else (), book.now),
        passed_over=passed_over,
        status=incident.status,
    )
    keep(book, Run(dispatch=dispatch, escalations=plan.escalations if plan else (), order=number))
    with_dispatch = (*incident.dispatch_ids, dispatch.id)
    parties = incident.parties if responder.party in incident.parties else (*incident.parties, responder.party)
    case = replace(case, incident=replace(incident, dispatch_ids=with_dispatch, parties=parties, changed_at=book.now))
    book.put_case(case)
    said = Sentence(
        f"派 {responder.title.zh} 前往 {incident.zone}：{task.zh}", f"{responder.title.en} is sent to {incident.zone}: {task.en}"
    )
    book.tell(dispatch, "ordered", reason, said, actor=actor, value=responder.id)
    notify(book, case, f"ordered_{dispatch.id}", (responder.id,), join(said, incident.sentence), dispatch.id)
    return dispatch


def keep(book: Book, run: Run) -> None:
    """Keep a dispatch as it now is."""
    book.put_run(run)
    watch_clocks(book, run)


def watch_clocks(book: Book, run: Run) -> None:
    """Arm the timer for what the clocks of a dispatch do next; none where it is final."""
    dispatch = run.dispatch
    due = None if DISPATCH.is_final(dispatch.state) else _due_at(run)
    if due is None:
        book.timers.disarm(f"clock {dispatch.id}")
    else:
        book.timers.arm(f"clock {dispatch.id}", due, partial(_run_clock, book, dispatch.id))


def _give_up_at(dispatch: Dispatch) -> int | None:
    if dispatch.state != "ordered":
        return None
    accepted = [clock for clock in dispatch.clocks if clock.name == "accepted"]
    return accepted[0].started_at + GIVE_UP_SHARE * (accepted[0].due_at - accepted[0].started_at) if accepted else None


def _due_at(run: Run) -> int | None:
    dues = (next_step_at(run.dispatch.clocks, run.escalations), _give_up_at(run.dispatch))
    return min([due for due in dues if due is not None], default=None)


def _run_clock(book: Book, dispatch_id: str, at: int) -> None:
    """A clock of a dispatch has something to do: tell, escalate, or pass the order on."""
    run = book.runs[dispatch_id]
    clocks, steps = run_clocks(run.dispatch.clocks, run.escalations, at)
    run = replace(run, dispatch=replace(run.dispatch, clocks=clocks))
    keep(book, run)
    for step in steps:
        tell_step(book, run.dispatch, step)
    give_up_at = _give_up_at(run.dispatch)
    if give_up_at is not None and give_up_at <= at:
        end(book, run, "expire", Reason.DEADLINE_MISSED)


def progress(book: Book, run: Run, transition: str, actor: str) -> None:
    """The responder has answered: accepted, on the way, on scene, done. Raises IllegalMove."""
    before = run.dispatch
    state = move(DISPATCH, before.state, transition)
    clocks = meet(before.clocks, MEETS[transition], book.now)
    ended_at = book.now if DISPATCH.is_final(state) else None
    dispatch = replace(before, state=state, clocks=clocks, changed_at=book.now, ended_at=ended_at)
    keep(book, replace(run, dispatch=dispatch))
    step = STEPS[state]
    said = Sentence(f"{before.responder} {step.zh}（{before.zone}）", f"{before.responder}: {step.en} ({before.zone})")
    book.tell(dispatch, state, Reason.RESPONDER_ANSWERED, said, from_state=before.state, actor=actor)
    case = book.cases[before.incident_id]
    if case.incident.state != "watch":
        incident = replace(case.incident, state=move(INCIDENT, case.incident.state, "respond"), changed_at=book.now)
        book.put_case(replace(case, incident=incident))
        if incident.state != case.incident.state:
            said = Sentence(f"处置中：{said.zh}", f"being handled: {said.en}")
            book.tell(incident, "handling", Reason.RESPONDER_ANSWERED, said, from_state=case.incident.state, actor=actor)
    if ended_at is not None:
        retry_owed(book)
        close_watch_if_over(book, dispatch.incident_id, Reason.RESPONDER_ANSWERED)


def end(book: Book, run: Run, transition: str, reason: Reason, actor: str = "") -> Dispatch:
    """Declined, expired, reassigned or cancelled. Raises IllegalMove. A declined or expired order goes to the next responder."""
    before = run.dispatch
    state = move(DISPATCH, before.state, transition)
    dispatch = replace(before, state=state, changed_at=book.now, ended_at=book.now)
    keep(book, replace(run, dispatch=dispatch))
    step = STEPS[state]
    said = Sentence(f"{before.responder} {step.zh}（{before.zone}）", f"{before.responder}: {step.en} ({before.zone})")
    book.tell(dispatch, state, reason, said, from_state=before.state, actor=actor)
    case = book.cases.get(before.incident_id)
    if case is not None and state in ("expired", "reassigned", "cancelled"):
        notify(book, case, f"{state}_{dispatch.id}", (before.responder,), said, dispatch.id)
    if state in ("declined", "expired"):
        for entry in book.cases[before.incident_id].placed:
            if entry.dispatch_id == dispatch.id:
                place_order(book, before.incident_id, replace(entry, dispatch_id="", tried=(*entry.tried, before.responder)))
        retry_owed(book)
    return dispatch


def _keep_placed(book: Book, incident_id: str, placed: Placed) -> None:
    case = book.cases[incident_id]
    if placed in case.placed:
        return
    others = [entry for entry in case.placed if entry.order != placed.order]
    book.put_case(replace(case, placed=tuple(sorted([*others, placed], key=lambda entry: entry.order))))


def _owe(book: Book, case: Case, plan: Plan, placed: Placed) -> None:
    """Nobody can go: say so once, and try again in a minute or when somebody becomes free."""
    incident = case.incident
    _keep_placed(book, incident.id, replace(placed, dispatch_id=""))
    order: Order = plan.orders[placed.order]
    step = f"no_responder_{placed.order}_{len(placed.tried)}_{case.episode}"
    if step not in case.told:
        said = Sentence(
            f"无人可派（{order.capability}）：{order.task.zh}", f"nobody is free ({order.capability}): {order.task.en}"
        )
        said = join(incident.title, said)
        book.tell(incident, "no_responder", Reason.NO_RESPONDER, said, from_state=incident.state, value=order.capability)
        case = book.cases[incident.id]
        case = notify(book, case, step, plan.notify_on_alarm, said)
        if step not in case.told:
            book.put_case(replace(case, told=(*case.told, step)))
    arm_retry(book)


def arm_retry(book: Book) -> None:
    """Look at what is owed again when the minute is over, while anything is: by then somebody may be on duty."""
    if book.owed:
        book.timers.arm("owed", (book.now // RETRY_MS + 1) * RETRY_MS, partial(_retry, book))


def _retry(book: Book, _: int) -> None:
    retry_owed(book)
    arm_retry(book)


def retry_owed(book: Book) -> None:
    """Somebody may be free now: the oldest incident that owes an order has the first claim."""
    if not book.owed:
        return
    claim = book.owed.next_after(None, free_capabilities(book))
    while claim is not None:
        _, incident_id, number = claim
        placed = next(entry for entry in book.cases[incident_id].placed if entry.order == number)
        place_order(book, incident_id, placed)
        claim = book.owed.next_after(claim, free_capabilities(book))


def reassign(book: Book, run: Run, responder: Responder, actor: str) -> None:
    """Give a running order to somebody else: its clocks start anew. Raises IllegalMove."""
    before = end(book, run, "reassign", Reason.OPERATOR_ASKED, actor)
    case = book.cases[before.incident_id]
    passed = (PassedOver(responder=before.responder, reason=Reason.DECLINED_BEFORE),)
    dispatch = send(book, case, responder, run.order, Reason.OPERATOR_ASKED, passed, actor)
    for entry in book.cases[before.incident_id].placed:
        if entry.dispatch_id == before.id:
            tried = (*entry.tried, before.responder)
            _keep_placed(book, before.incident_id, replace(entry, dispatch_id=dispatch.id, tried=tried))
    retry_owed(book)


def order_by_hand(book: Book, case: Case, responder: Responder, actor: str) -> None:
    """A person sends somebody: for what the plan owes where they are able, else for another of its orders, else for none."""
    placed = {entry.order: entry for entry in case.placed}
    able = [
        number for number, order in enumerate(case.plan.orders if case.plan else ()) if order.capability in responder.capabilities
    ]
    owed = [number for number in able if number not in placed or not placed[number].dispatch_id]
    number = min(owed or able, default=-1)
    dispatch = send(book, case, responder, number, Reason.OPERATOR_ASKED, actor=actor)
    if number in owed:
        entry = placed.get(number, Placed(order=number))
        _keep_placed(book, case.incident.id, replace(entry, dispatch_id=dispatch.id))
