"""Oracle of everything with a closed form: survival, growth and diffusion, and waiting at a desk.

Run it with ``python benchmarks/oracle_survival.py`` for a table beside values computed earlier; tests import
the functions. They are pure, use the standard library only and import nothing of villagesim.

Times and rates must share a unit (years and 1/year, or days and 1/day). Left out on purpose: patience (cases that
leave), service that is not exponential, desks that were empty at the start, and rates that change within a step.
"""

from math import exp, expm1, fsum, log, sqrt


def survival(rates, times):
    """Chance to survive `times[0]` at hazard `rates[0]`, then `times[1]` at `rates[1]`, and so on.

    The times are durations, one for each rate; the last piece may be cut short to ask for an earlier date.
    """
    return exp(-fsum(rate * time for rate, time in zip(rates, times, strict=True)))


def naive_survival(rates, times):
    """Give what comes out, wrongly, if the first waiting time drawn is kept although the rate changes later."""
    return exp(-rates[0] * fsum(times))


def compound(start, rate, years):
    """`start` after `years` of yearly growth by the factor 1 + `rate`."""
    return start * (1.0 + rate) ** years


def relax(start, target, rate, years):
    """Solution of dX/dt = rate (target - X): the pull of skill (E7), of cohesion (E1), of trust's logit (E5)."""
    return target + (start - target) * exp(-rate * years)


def half_life(rate):
    """Time in which half of a gap closes under `relax`."""
    return log(2.0) / rate


def logistic(start, rate, years, ceiling=1.0):
    """Solution of dX/dt = rate X (1 - X/ceiling): diffusion by imitation alone."""
    odds = start / (ceiling - start) * exp(rate * years)
    return ceiling * odds / (1.0 + odds)


def bass(innovation, imitation, years, ceiling=1.0):
    """Solution of dX/dt = (innovation + imitation X/ceiling)(ceiling - X) from nothing (Bass 1969).

    E3's enrolment with frozen dividends and trust: rates .05 L(..) 2T and .30 L(..) 2T, ceiling a_v.
    """
    decay = exp(-(innovation + imitation) * years)
    return ceiling * (1.0 - decay) / (1.0 + imitation / innovation * decay)


def worked_off(shares, rates, years):
    """Share of a mixed list done by then, `shares[i]` of it at hazard `rates[i]` (E8: easy and hard items)."""
    return fsum(share * -expm1(-rate * years) for share, rate in zip(shares, rates, strict=True))


def stationary_sd(memory, innovation_sd):
    """Give the standard deviation of a stationary AR(1)."""
    return innovation_sd / sqrt(1.0 - memory**2)


def erlang_b(load, officers):
    """Chance that an arrival is lost in M/M/c/c; `load` = arrival rate x mean service, by the stable recursion."""
    blocked = 1.0
    for busy in range(1, officers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(load, officers):
    """Chance that an arrival has to wait in a stationary M/M/c; `load` below `officers`."""
    if not 0.0 <= load < officers:
        raise ValueError(f"a load of {load:g} never settles with {officers} officers: it must be below {officers}.")
    blocked = erlang_b(load, officers)
    return blocked / (1.0 - load / officers * (1.0 - blocked))


def erlang_c_mean_wait(arrival_rate, mean_service, officers):
    """Mean wait in the queue (service not counted, those who do not wait included) in a stationary M/M/c."""
    load = arrival_rate * mean_service
    return erlang_c(load, officers) * mean_service / (officers - load)


def cobham_mean_waits(arrival_rates, mean_service, officers):
    """Mean wait of each class in M/M/c with nonpreemptive priority (Cobham 1954); first class first served.

    All classes have the same exponential service; within a class first come, first served.
    """
    loads = [rate * mean_service / officers for rate in arrival_rates]
    until_one_is_free = erlang_c(fsum(loads) * officers, officers) * mean_service / officers
    left = [1.0 - fsum(loads[:k]) for k in range(len(loads) + 1)]  # idle share left by the first k classes
    return [until_one_is_free / (left[k] * left[k + 1]) for k in range(len(loads))]


def lines():
    """Rows of (what, computed, printed) for the table."""
    third = 0.8 / 3  # arrivals a day of each class: load 0.8 on three officers who take three days
    waits = cobham_mean_waits([third] * 3, 3.0, 3)
    return [
        ("five years, hazard .09 that trebles after two", survival((0.09, 0.27), (2, 3)), 0.372),
        ("the same with the first waiting time kept", naive_survival((0.09, 0.27), (2, 3)), 0.636),
        ("E5 half-life of trust at .35 a year, years", half_life(0.35), 2),
        ("E3 stationary sd of log price", stationary_sd(0.6, 0.8 * 0.07), 0.07),
        ("E8 contracts after half a year", worked_off((0.8, 0.2), (3.5, 0.15), 0.5), 0.675),
        ("E8 contracts after two years", worked_off((0.8, 0.2), (3.5, 0.15), 2.0), 0.85),
        ("E8 debt after half a year", worked_off((0.2, 0.8), (3.0, 0.04), 0.5), 0.17),
        ("E8 debt after two years", worked_off((0.2, 0.8), (3.0, 0.04), 2.0), 0.26),
        ("desk, three officers, load .8: mean wait, days", erlang_c_mean_wait(0.8, 3.0, 3), 3.236),
        *(
            (f"the same by class {k + 1} of three", wait, p)
            for k, (wait, p) in enumerate(zip(waits, COBHAM, strict=True))
        ),
    ]


COBHAM = (0.883, 1.891, 6.934)  # engine.md


def main():
    for what, computed, printed in lines():
        print(f"{what:50s} {computed:8.4f}   printed {printed}")


if __name__ == "__main__":
    main()
