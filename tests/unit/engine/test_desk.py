"""Oracle: simpy.PriorityResource with a timeout for patience, case by case and to the last bit. No chance.

Where the number of officers changes, cases small enough to be worked out by hand.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from simpy import Environment, PriorityResource

from villagesim.engine.desk import Desk
from villagesim.engine.monthly_desk import MonthlyDesk
from villagesim.randomness import Draws

N_CASES, OFFICERS, SERVICE = 4_000, 2, 3.0
MONTH = 30.0


@dataclass(eq=False)
class Visit:
    """A case as it comes to the desk."""

    number: int
    when: float
    duration: float
    patience: float = float("inf")
    priority: float = 0.0


def visits(load, n=N_CASES):
    """Cases at a load of the two officers: three priorities, a patience of 15 days in the mean."""
    draws, ids = Draws(11, "desk"), np.arange(n)
    gaps, durations, patience = (-np.log(draws.uniform(name, ids)) for name in ("gap", "duration", "patience"))
    when = np.cumsum(gaps) * SERVICE / (load * OFFICERS)
    priority = np.floor(3 * draws.uniform("priority", ids))
    columns = (ids, when, SERVICE * durations, 5 * SERVICE * patience, priority)
    return [Visit(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def at_the_desk(cases, capacity=OFFICERS, env=None, plan=()):
    """Outcome and instant of every case at our desk; ``plan`` holds (day, function of the desk)."""
    env = env or Environment()
    outcome = {}
    desk = Desk(
        env,
        capacity,
        heard=lambda case: outcome.update({case.number: ("heard", env.now)}),
        left=lambda case: outcome.update({case.number: ("left", env.now)}),
    )
    for case in cases:
        env.timeout(case.when, case).callbacks.append(lambda event: desk.join(event.value))
    for day, change in plan:
        env.timeout(day, change).callbacks.append(lambda event: event.value(desk))
    env.run()
    return outcome, desk


def at_the_resource(cases):
    """The same with one SimPy process a case."""
    env = Environment()
    officers, outcome = PriorityResource(env, OFFICERS), {}

    def visiting(case):
        yield env.timeout(case.when)
        with officers.request(priority=case.priority) as turn:
            found = yield turn | env.timeout(case.patience)
            if turn in found:
                yield env.timeout(case.duration)
            outcome[case.number] = ("heard" if turn in found else "left", env.now)

    for case in cases:
        env.process(visiting(case))
    env.run()
    return outcome


@pytest.mark.parametrize("load", [0.5, 0.9, 1.5, 3.0])
def test_every_case_fares_as_at_a_priority_resource(load):
    cases = visits(load)
    ours, desk = at_the_desk(cases)
    assert ours == at_the_resource(cases)
    assert len(ours) == N_CASES
    assert desk.n_waiting == 0


def test_the_loads_try_both_ends():
    """Else the comparison above would prove little: both outcomes are common, and priorities decide."""
    outcome, _ = at_the_desk(visits(1.5))
    left = {p: [outcome[c.number][0] == "left" for c in visits(1.5) if c.priority == p] for p in (0, 1, 2)}
    assert np.mean(left[0]) < 0.2 < 0.5 < np.mean(left[2])


@pytest.mark.parametrize("load", [0.9, 3.0])
def test_a_desk_that_ignores_priorities_is_noticed(load):
    cases = visits(load)
    flat = [Visit(c.number, c.when, c.duration, c.patience) for c in cases]
    assert at_the_desk(flat)[0] != at_the_resource(cases)


# --- by hand: one officer unless stated, days as durations ---


def test_lowest_number_first_then_first_come():
    cases = [
        Visit(0, 0, 10), Visit(1, 1, 10, priority=2), Visit(2, 2, 10, priority=1), Visit(3, 3, 10, priority=1),
    ]  # fmt: skip
    outcome, _ = at_the_desk(cases, 1)
    assert [outcome[i][1] for i in range(4)] == [10, 40, 20, 30]


def test_patience_is_that_of_the_queue_not_of_the_hearing():
    cases = [Visit(0, 0, 10, patience=1), Visit(1, 1, 10, patience=9.5), Visit(2, 2, 10, patience=5)]
    outcome, _ = at_the_desk(cases, 1)
    assert outcome == {0: ("heard", 10), 2: ("left", 7), 1: ("heard", 20)}


def test_a_case_that_has_left_is_skipped():
    cases = [Visit(0, 0, 10), Visit(1, 1, 10, patience=3), Visit(2, 2, 10)]
    assert at_the_desk(cases, 1)[0][2] == ("heard", 20)


def test_fewer_officers_finish_the_hearings_they_have_begun():
    cases = [Visit(0, 0, 4), Visit(1, 0, 6), Visit(2, 1, 5), Visit(3, 1, 5)]
    outcome, _ = at_the_desk(cases, 2, plan=[(2, lambda desk: desk.set_capacity(1))])
    # the officer who finishes on day 4 leaves; the other one goes on alone
    assert outcome == {0: ("heard", 4), 1: ("heard", 6), 2: ("heard", 11), 3: ("heard", 16)}


def test_more_officers_take_those_who_wait_at_once_in_their_order():
    cases = [Visit(0, 0, 10), Visit(1, 1, 3, priority=1), Visit(2, 1, 3), Visit(3, 1, 3, priority=1)]
    outcome, _ = at_the_desk(cases, 1, plan=[(5, lambda desk: desk.set_capacity(3))])
    assert outcome == {2: ("heard", 8), 1: ("heard", 8), 3: ("heard", 11), 0: ("heard", 10)}


def test_a_desk_without_officers_hears_nobody_until_somebody_comes():
    cases = [Visit(0, 1, 2), Visit(1, 2, 2, patience=4)]
    outcome, desk = at_the_desk(cases, 0, plan=[(3, lambda d: d.set_capacity(0)), (9, lambda d: d.set_capacity(1))])
    assert outcome == {1: ("left", 6), 0: ("heard", 11)}
    assert desk.capacity == 1


def test_all_who_wait_are_sent_away_in_their_order_and_no_one_twice():
    cases = [Visit(0, 0, 10), Visit(1, 1, 3, priority=1), Visit(2, 2, 3, patience=1), Visit(3, 2, 3, patience=20)]
    outcome, desk = at_the_desk(cases, 1, plan=[(5, lambda desk: desk.dismiss())])
    assert list(outcome) == [2, 3, 1, 0]
    assert outcome == {2: ("left", 3), 3: ("left", 5), 1: ("left", 5), 0: ("heard", 10)}
    assert desk.n_waiting == 0


def test_who_waits_is_counted_without_those_who_have_left():
    cases = [Visit(0, 0, 10), Visit(1, 1, 3, patience=2), Visit(2, 1, 3)]
    counts = []
    count = lambda desk: counts.append(desk.n_waiting)  # noqa: E731
    at_the_desk(cases, 1, plan=[(0.5, count), (2, count), (4, count), (20, count)])
    assert counts == [0, 2, 1, 0]


def test_busy_time_is_that_of_hearings_in_both_halves():
    cases = [Visit(0, 0, 4), Visit(1, 1, 6), Visit(2, 2, 1)]
    taken = []
    take = lambda desk: taken.append(desk.take_busy_days())  # noqa: E731
    _, desk = at_the_desk(cases, 2, plan=[(3, take), (3, take), (20, take)])
    assert taken == [5, 0, 6]  # until day 3: three days of the first, two of the second; then 1 + 4 and 1 of the third
    assert desk.take_busy_days() == 0


@pytest.mark.parametrize("load", [0.5, 3.0])
def test_busy_time_is_the_sum_of_all_durations_heard(load):
    cases = visits(load)
    outcome, desk = at_the_desk(cases)
    heard = [case.duration for case in cases if outcome[case.number][0] == "heard"]
    assert desk.take_busy_days() == pytest.approx(sum(heard), rel=1e-12)


def test_busy_time_goes_on_while_the_number_of_officers_changes():
    cases = [Visit(0, 0, 4), Visit(1, 0, 6), Visit(2, 1, 5)]
    _, desk = at_the_desk(cases, 2, plan=[(2, lambda d: d.set_capacity(0)), (10, lambda d: d.set_capacity(1))])
    assert desk.take_busy_days() == 15


# --- parts of officers ---


def test_half_an_officer_hears_whole_cases_and_is_away_as_long():
    """Four days of work are eight of half a post: heard on day 4, the next one is begun on day 8."""
    cases = [Visit(i, i, 4) for i in range(3)]
    assert at_the_desk(cases, 0.5)[0] == {0: ("heard", 4), 1: ("heard", 12), 2: ("heard", 20)}


def test_a_part_comes_to_those_whom_whole_officers_cannot_take():
    """The whole officer hears 0 and 2; the half one hears 1, is away until day 8, and then hears 3."""
    cases = [Visit(0, 0, 6), Visit(1, 0, 4), Visit(2, 1, 9), Visit(3, 2, 1)]
    outcome, _ = at_the_desk(cases, 1.5)
    assert outcome == {1: ("heard", 4), 0: ("heard", 6), 2: ("heard", 15), 3: ("heard", 9)}


@pytest.mark.parametrize("capacity", [0.25, 0.9, 1.0, 1.5, 2.75])
def test_a_desk_with_always_somebody_waiting_works_its_officer_days(capacity):
    """1,200 cases of one to five days, all there on the first: as many officer-days a day as there are posts."""
    durations = 1 + 4 * Draws(3, "desk").uniform("duration", np.arange(1_200))
    outcome, desk = at_the_desk([Visit(i, 0, float(days)) for i, days in enumerate(durations)], capacity)
    end = max(day for _, day in outcome.values())
    assert desk.take_busy_days() == pytest.approx(durations.sum())
    assert durations.sum() / end == pytest.approx(capacity, rel=0.01)


def test_what_a_part_has_worked_ahead_is_not_forgotten_where_posts_change():
    """Half a post owes two days on day 4. As a whole one it is free at once; as a quarter one it is away for eight days."""
    cases = [Visit(0, 0, 4), Visit(1, 1, 4)]
    for posts, heard in ((1.0, 8), (0.25, 16)):
        outcome, _ = at_the_desk(cases, 0.5, plan=[(4, lambda desk, posts=posts: desk.set_capacity(posts))])
        assert outcome[1] == ("heard", heard)


def test_where_posts_are_gone_their_part_hears_nobody():
    cases = [Visit(0, 0, 4), Visit(1, 20, 4)]
    outcome, _ = at_the_desk(cases, 0.5, plan=[(10, lambda desk: desk.set_capacity(0.0))])
    assert outcome == {0: ("heard", 4)}


# --- a desk that nobody waits for ---


def worked_by_month(cases, staffed, months):
    """Outcome and instant of every case at a monthly desk, and its busy days by month; ``staffed`` by month."""
    outcome, busy = {}, []
    desk = MonthlyDesk(
        lambda case, day, waited: outcome.update({case[3]: ("heard", day)}),
        lambda case, day, waited: outcome.update({case[3]: ("left", day)}),
    )
    ahead = sorted(cases, key=lambda case: case.when)
    for month in range(months):
        desk.staff(staffed[month % len(staffed)], month * MONTH)
        while ahead and ahead[0].when < (month + 1) * MONTH:
            case = ahead.pop(0)
            desk.expect(case.when, (case.priority, case.patience, case.duration, case.number))
        busy.append(desk.work((month + 1) * MONTH))
    return outcome, busy


@pytest.mark.parametrize("staffed", [[2], [2, 1, 3], [1.5], [0.25, 2.75, 0, 1]], ids=str)
@pytest.mark.parametrize("load", [0.5, 0.9, 1.5, 3.0])
def test_every_case_fares_as_at_a_desk_that_is_woken_for_it(load, staffed):
    """Oracle: the desk above, case by case and busy days by month, to the last bit."""
    cases = visits(load)
    months = int(max(case.when + case.duration + min(case.patience, 1e4) for case in cases) / MONTH) + 2
    taken = []

    def close_and_staff(month):
        def change(desk):
            taken.append(desk.take_busy_days())
            desk.set_capacity(staffed[month % len(staffed)])

        return change

    plan = [(month * MONTH, close_and_staff(month)) for month in range(1, months + 1)]
    theirs, _ = at_the_desk(cases, staffed[0], plan=plan)
    ours, busy = worked_by_month(cases, staffed, months)
    assert {number: theirs[number] for number in ours} == ours
    assert all(day >= months * MONTH for number, (_, day) in theirs.items() if number not in ours)
    assert busy == taken
