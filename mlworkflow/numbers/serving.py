"""How many replicas a service needs, and how long its callers wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, exp, expm1, floor, log, log1p, sqrt

from mlworkflow.numbers.calculus import rising_root
from mlworkflow.numbers.distributions import binomial_at_least
from mlworkflow.numbers.normal import cdf, density, quantile
from mlworkflow.numbers.validity import (
    Infeasible,
    Invalid,
    count,
    not_negative,
    positive,
    probability,
    proportion,
    share,
    shown,
    up,
)

MOST_SERVERS = 1_000_000
EXPONENTIAL_P99 = log(100)


def peak_rate(per_day: float, peak_factor: float = 3.0) -> float:
    """Return the requests per second at the peak of a day."""
    positive("the requests per day", per_day)
    count("the ratio of peak to mean", peak_factor)
    return per_day / 86_400 * peak_factor


def in_flight(rate: float, latency_mean: float) -> float:
    """Return the mean number of requests inside the service at once, by Little's law."""
    not_negative("the request rate", rate)
    positive("the mean latency", latency_mean)
    return rate * latency_mean


def retried_rate(rate: float, retries: float) -> float:
    """Return the load when every call times out and is tried again as often as allowed."""
    positive("the request rate", rate)
    not_negative("the number of retries", retries)
    return rate * (1 + retries)


def utilisation(rate: float, service_mean: float, servers: int) -> float:
    """Return the share of time in which a server is busy; from 1 on the queue grows without end."""
    count("the number of servers", servers, at_most=MOST_SERVERS)
    return in_flight(rate, service_mean) / servers


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that a request has to wait for one of the servers."""
    count("the number of servers", servers, at_most=MOST_SERVERS)
    not_negative("the offered load", load)
    if load >= servers:
        raise Infeasible(
            f"a load of {shown(load)} busy servers on {shown(servers)} is a utilisation of {shown(load / servers)}; "
            "it must stay below 1, or the queue grows without end"
        )
    blocked = _blocked(servers, load)
    return blocked / (1 - load / servers * (1 - blocked))


def _blocked(servers: int, load: float) -> float:
    """Erlang B by its recursion, which stays exact for thousands of servers."""
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def wait(
    rate: float,
    service_mean: float,
    servers: int,
    service_cv_squared: float = 1.0,
    arrival_cv_squared: float = 1.0,
) -> float:
    """Return the mean wait before service, exact for exponential service and Allen-Cunneen's otherwise."""
    waiting = erlang_c(servers, in_flight(rate, service_mean))
    variability = _variability(service_cv_squared, arrival_cv_squared)
    return waiting * variability / _spare(rate, service_mean, servers)


def _spare(rate: float, service_mean: float, servers: int) -> float:
    spare = servers / service_mean - rate
    if spare <= 0:  # a whole load that floating point puts a hair below the servers
        raise Infeasible(f"a load of {shown(rate * service_mean)} leaves {shown(servers)} servers no time to spare")
    return spare


def _variability(service_cv_squared: float, arrival_cv_squared: float) -> float:
    not_negative("the squared coefficient of variation of service", service_cv_squared)
    not_negative("the squared coefficient of variation of arrivals", arrival_cv_squared)
    return (service_cv_squared + arrival_cv_squared) / 2


def share_waiting_at_most(limit: float, rate: float, service_mean: float, servers: int) -> float:
    """Return the share of requests that wait no longer than the limit before an exponential service."""
    not_negative("the limit of the wait", limit)
    waiting = erlang_c(servers, in_flight(rate, service_mean))
    return 1 - waiting * exp(-limit * _spare(rate, service_mean, servers))


def p99_sojourn(rate: float, service_mean: float, servers: int, quantile_wanted: float = 0.99) -> float:
    """Return the latency, wait and exponential service together, that 99 % of requests stay below."""
    probability("the quantile wanted", quantile_wanted)
    waiting = erlang_c(servers, in_flight(rate, service_mean))
    drain = _spare(rate, service_mean, servers) * service_mean
    tail = 1 - quantile_wanted
    return service_mean * rising_root(lambda t: tail - _sojourn_tail(t, waiting, drain), 0.0, 1.0)


def _sojourn_tail(t: float, waiting: float, drain: float) -> float:
    """The share of requests still inside after t mean service times, when the queue drains at this rate."""
    if abs(drain - 1) < 1e-7:
        return exp(-t) * (1 + waiting * t)
    queued = (exp(-drain * t) - drain * exp(-t)) / (1 - drain)
    return (1 - waiting) * exp(-t) + waiting * queued


def exponential_p99(service_mean: float) -> float:
    """Return the p99 of a service time that is exponential."""
    positive("the mean service time", service_mean)
    return EXPONENTIAL_P99 * service_mean


def lognormal_p99(service_mean: float, cv_squared: float) -> float:
    """Return the p99 of a service time that is lognormal with this mean and squared coefficient of variation."""
    positive("the mean service time", service_mean)
    count("the squared coefficient of variation", cv_squared, at_least=0)
    variance = log(1 + cv_squared)
    return service_mean * exp(quantile(0.99) * sqrt(variance) - variance / 2)


def cv_squared_from_p99(service_mean: float, service_p99: float) -> float:
    """Return the squared coefficient of variation of the lognormal service time with this mean and p99."""
    positive("the mean service time", service_mean)
    positive("the p99 of the service time", service_p99)
    if service_p99 < service_mean:
        raise Invalid(f"the p99 of the service time ({shown(service_p99)}) is below its mean ({shown(service_mean)})")
    z = quantile(0.99)
    room = z * z - 2 * log(service_p99 / service_mean)
    if room < 0:
        raise Invalid(
            f"a p99 of {shown(service_p99 / service_mean)} times the mean fits no lognormal (the most is "
            f"{exp(z * z / 2):.1f}); look for two kinds of requests and size them apart"
        )
    return exp((z - sqrt(room)) ** 2) - 1


def p99_general(
    rate: float,
    service_mean: float,
    servers: int,
    service_cv_squared: float,
    service_p99: float | None = None,
    arrival_cv_squared: float = 1.0,
) -> float:
    """Return the p99 latency for any spread of service times, rather too large than too small."""
    slowest = lognormal_p99(service_mean, service_cv_squared) if service_p99 is None else service_p99
    positive("the p99 of the service time", slowest)
    waiting = erlang_c(servers, in_flight(rate, service_mean))
    variability = _variability(service_cv_squared, arrival_cv_squared)
    if waiting <= 0.01:
        return slowest
    return slowest + log(waiting / 0.01) * variability / _spare(rate, service_mean, servers)


def p99_random_routing(rate: float, service_mean: float, servers: int) -> float:
    """Return the p99 latency when a balancer picks servers blindly and each has a queue of its own."""
    return p99_sojourn(rate / max(servers, 1), service_mean, 1) if utilisation(rate, service_mean, servers) else 0.0


def replicas_for_p99(
    rate: float,
    service_mean: float,
    slo: float,
    service_cv_squared: float | None = None,
    service_p99: float | None = None,
    slots: int = 1,
) -> int:
    """Return the fewest replicas behind one shared queue whose p99 stays within the objective."""
    positive("the latency objective", slo)
    count("the slots of a replica", slots, at_most=MOST_SERVERS)
    spread, slowest = _service_spread(service_mean, service_cv_squared, service_p99)
    if slo <= slowest * (1 + 1e-9):
        raise Infeasible(
            f"an objective of {shown(slo)} is not above the p99 of the service alone, {slowest:.4g}: "
            "no number of replicas helps; make the service faster or the objective wider"
        )

    def holds(servers: int) -> bool:
        if spread is None:
            return p99_sojourn(rate, service_mean, servers) <= slo
        return p99_general(rate, service_mean, servers, spread, slowest) <= slo

    return ceil(_fewest(holds, _stable(rate, service_mean)) / slots)


def _service_spread(mean: float, cv_squared: float | None, service_p99: float | None) -> tuple[float | None, float]:
    """Return the spread of service times, or nothing for exponential ones, and their p99."""
    if cv_squared is None:
        return (
            (None, exponential_p99(mean))
            if service_p99 is None
            else (cv_squared_from_p99(mean, service_p99), service_p99)
        )
    return cv_squared, lognormal_p99(mean, cv_squared) if service_p99 is None else service_p99


def _stable(rate: float, service_mean: float) -> int:
    """Return the fewest servers that keep up at all."""
    load = in_flight(rate, service_mean)
    if load >= MOST_SERVERS / 2:
        raise Infeasible(f"a load of {shown(load)} busy servers is beyond what this program sizes ({MOST_SERVERS:,})")
    return floor(load * (1 + 1e-12)) + 1  # 6000 x 0.009 is a hair below 54


def _fewest(holds: Callable[[int], bool], start: int) -> int:
    """Return the smallest number from start on for which a condition that stays true once true holds."""
    low, high = start - 1, start
    while not holds(high):
        low, high = high, high + max(1, high - start + 1)
        if high > MOST_SERVERS:
            raise Infeasible(f"not even {MOST_SERVERS:,} servers meet the objective")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def replicas_for_p99_random_routing(rate: float, service_mean: float, slo: float) -> int:
    """Return the fewest replicas that keep p99 within the objective when a balancer picks them blindly."""
    positive("the latency objective", slo)
    room = 1 - exponential_p99(service_mean) / slo
    if room <= 1e-9:
        raise Infeasible(
            f"an objective of {shown(slo)} is not above the p99 of the service alone, "
            f"{exponential_p99(service_mean):.4g}: no number of replicas helps"
        )
    return max(1, up(in_flight(rate, service_mean) / room))


def replicas_for_utilisation(rate: float, service_mean: float, target: float = 0.7, slots: int = 1) -> int:
    """Return the fewest replicas that are busy for no more than the target share of time."""
    probability("the target utilisation", target)
    count("the slots of a replica", slots, at_most=MOST_SERVERS)
    return max(1, up(in_flight(rate, service_mean) / (target * slots)))


def replicas_for_zone_loss(n: int, zones: int) -> int:
    """Return the replicas over all zones that leave n running when one zone is lost."""
    count("the number of replicas", n, at_most=MOST_SERVERS)
    count("the number of zones", zones, at_most=1000)
    if zones == 1:
        raise Infeasible("nothing is left when the only zone is lost; the number of zones must be 2 or more, not 1")
    return zones * -(-n // (zones - 1))


def desired_replicas(current: int, metric: float, target: float) -> int:
    """Return the replicas that a Kubernetes autoscaler asks for."""
    count("the number of replicas", current, at_most=MOST_SERVERS)
    not_negative("the metric", metric)
    positive("the target", target)
    return max(1, up(current * metric / target))


def square_root_staffing(load: float, beta: float = 1.0) -> int:
    """Return the servers for a load plus a margin of beta times its square root."""
    positive("the offered load", load)
    not_negative("beta", beta)
    return up(load + beta * sqrt(load))


def waiting_at_margin(beta: float) -> float:
    """Return the probability of waiting that a margin of beta times the root of the load leads to in large pools."""
    positive("beta", beta)
    return 1 / (1 + beta * cdf(beta) / density(beta)) if beta < 30 else 0.0


def utilisation_for_growth(growth_per_min: float, lag_min: float) -> float:
    """Return the highest utilisation at which growth during the lag of scaling does not overload."""
    not_negative("the growth per minute", growth_per_min)
    not_negative("the lag in minutes", lag_min)
    return exp(-lag_min * log(1 + growth_per_min))


def downtime_minutes(slo: float, days: float = 30.0) -> float:
    """Return the minutes of downtime that an availability objective allows in that many days."""
    probability("the availability objective", slo)
    positive("the days", days)
    return (1 - slo) * days * 1440


def availability_in_series(availabilities: Sequence[float]) -> float:
    """Return the availability of a chain in which each part must be up."""
    product = 1.0
    for availability in availabilities:
        proportion("the availability", availability)
        product *= availability
    return product


def availability_of_replicas(availability: float, replicas: int, needed: int = 1) -> float:
    """Return the probability that enough replicas are up, if they fail independently."""
    count("the replicas needed", needed, at_most=replicas)
    return binomial_at_least(needed, replicas, availability)


def hops_p99(hops: Sequence[tuple[float, float]]) -> float:
    """Return the p99 of independent hops in a row, given each one's p50 and p99, never above their sum."""
    moments = [_lognormal_moments(p50, p99) for p50, p99 in _checked(hops)]
    mean, variance = sum(m for m, _ in moments), sum(v for _, v in moments)
    spread = log(1 + variance / mean**2)
    return min(hops_p99_together(hops), mean * exp(quantile(0.99) * sqrt(spread) - spread / 2))


def hops_p99_together(hops: Sequence[tuple[float, float]]) -> float:
    """Return the p99 of hops that are slow at the same time, which is the sum of theirs."""
    return sum(p99 for _, p99 in _checked(hops))


def _checked(hops: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    if not hops:
        raise Invalid("a path needs at least one hop, and none is given")
    for p50, p99 in hops:
        positive("the p50 of a hop", p50)
        positive("the p99 of a hop", p99)
        if not (p50 <= p99 <= 1e6 * p50):
            raise Invalid(
                f"the p99 of a hop must lie between its p50 ({shown(p50)}) and a million times it, not {shown(p99)}"
            )
    return hops


def _lognormal_moments(p50: float, p99: float) -> tuple[float, float]:
    variance = (log(p99 / p50) / quantile(0.99)) ** 2
    mean = p50 * exp(variance / 2)
    return mean, mean * mean * (exp(variance) - 1)


def fan_out(calls: float, slow_share: float) -> float:
    """Return the share of requests that meet at least one slow call when each makes that many."""
    count("the calls of a request", calls)
    proportion("the share of slow calls", slow_share)
    return 1.0 if slow_share == 1 else -expm1(calls * log1p(-slow_share))


def leaf_quantile(calls: float, target: float = 0.99) -> float:
    """Return the quantile that each call must hold so that a request of that many calls holds the target."""
    count("the calls of a request", calls)
    probability("the target quantile", target)
    return exp(log(target) / calls)


def batch_hours(rows: float, rows_per_second: float, workers: int = 1) -> float:
    """Return the hours in which the workers score that many rows."""
    not_negative("the rows", rows)
    positive("the rows per second", rows_per_second)
    count("the number of workers", workers)
    return rows / rows_per_second / workers / 3600


def queue_drain_seconds(backlog: float, arrivals_per_second: float, capacity_per_second: float) -> float:
    """Return the seconds until a backlog is gone while new work keeps arriving."""
    not_negative("the backlog", backlog)
    not_negative("the arrivals per second", arrivals_per_second)
    positive("the capacity per second", capacity_per_second)
    if arrivals_per_second >= capacity_per_second * (1 - 1e-12):
        raise Infeasible(
            f"a capacity of {shown(capacity_per_second)} a second never catches up with "
            f"{shown(arrivals_per_second)} arrivals a second"
        )
    return backlog / (capacity_per_second - arrivals_per_second)


def batching_capacity(batch: float, fixed_seconds: float, seconds_per_item: float) -> float:
    """Return the items per second of one replica that answers that many at a time."""
    count("the size of a batch", batch)
    not_negative("the fixed seconds of a batch", fixed_seconds)
    positive("the seconds per item", seconds_per_item)
    return batch / (fixed_seconds + seconds_per_item * batch)


def scaled_capacity(servers: float, contention: float, crosstalk: float) -> float:
    """Return how many times the work of one server that many do together, by the universal scalability law."""
    count("the number of servers", servers)
    proportion("the contention", contention)
    proportion("the crosstalk", crosstalk)
    return servers / (1 + contention * (servers - 1) + crosstalk * servers * (servers - 1))


def servers_at_peak(contention: float, crosstalk: float) -> float:
    """Return the number of servers beyond which more of them do less work."""
    proportion("the contention", contention)
    share("the crosstalk", crosstalk)
    return sqrt((1 - contention) / crosstalk)
