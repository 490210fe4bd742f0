"""What is at stake: how many decisions there are, and what each loses without the model or with today's way."""

from __future__ import annotations

from dataclasses import dataclass

from mlworkflow.designing import Spec

DAY = 86400.0
# What stands in for a prediction: today's way, the last output, or nothing.
TODAY, LAST, NOTHING = "today", "last", "nothing"
# From this share of the gain on, a decision counts as affected.
FELT = 0.1


@dataclass(frozen=True, slots=True)
class Stakes:
    """Decisions a day, and what each costs more when the model's gain is lost; no cost where it was not said."""

    per_day: float
    period: float | None
    gain: float | None
    without: float | None
    currency: str
    # Whether an answer gives the number of decisions; where none does, only samples are drawn at this pace.
    counted: bool = True
    # Where the period was read, whether all positives together cap the cost, and why there is none.
    read_from: str = ""
    capped: str = ""
    unsaid: str = ""

    @property
    def in_money(self) -> bool:
        """Whether the answers' costs say what a decision loses."""
        return self.gain is not None

    def loss(self, lost: float, failed: float, instead: str) -> float:
        """Return what a decision loses, in money or as a share of one, when this share of the gain is gone."""
        if self.gain is None or self.without is None:
            return failed * (instead != LAST) + (1 - failed) * (lost >= FELT)
        price = {TODAY: self.gain, LAST: 0.1 * self.gain}.get(instead, self.without)
        return failed * price + (1 - failed) * lost * self.gain


def stakes_of(spec: Spec) -> Stakes:
    """Return what is at stake in a design, from its cases, costs and baseline."""
    period, read_from = _period(spec)
    population = spec.value("population")
    currency = getattr(spec.value("cost_missed"), "currency", "") or ""
    with_model, today, nothing = _costs(spec)
    if population and period and with_model is not None and nothing is not None:
        instead = today if today is not None else nothing
        if instead > with_model:
            per_day = population * DAY / period
            most, capped = _most(spec, population, period)
            gain, without = (instead - with_model) / 1000, (nothing - with_model) / 1000
            return Stakes(
                per_day, period, min(gain, most), min(without, most), currency, True, read_from,
                capped if max(gain, without) > most else "",
            )  # fmt: skip
    found = (population * DAY / period if population and period else None) or _a_day(spec)
    unsaid = _unsaid(spec, period, with_model, today if today is not None else nothing)
    return Stakes(float(found or DAY), period, None, None, currency, bool(found), read_from, "", unsaid)


def _a_day(spec: Spec) -> float | None:
    """Decisions a day as the load gives them, or one run of rows a day."""
    found = spec.value("arrivals") or spec.value("rows_per_day") or spec.value("rows_per_run")
    return float(found) if found else None


def _most(spec: Spec, population: float, period: float) -> tuple[float, str]:
    """What a decision can cost at most: a case stays positive for the whole horizon and is missed only once."""
    prevalence, missed = spec.value("prevalence"), spec.value("cost_missed")
    if prevalence is None or missed is None:
        return float("inf"), ""
    lasts = max(period, spec.value("horizon") or 0.0)
    return prevalence * missed.amount * period / lasts, (
        f"capped at what all positives cost: {population * prevalence:,.4g} in {lasts / DAY:,.4g} days"
    )


def _unsaid(spec: Spec, period: float | None, model: float | None, instead: float | None) -> str:
    """Why there is no cost, by the answer that is missing."""
    wanted = ("cost_missed", "cost_false_alarm", "prevalence", "population")
    missing = [id for id in wanted if spec.value(id) is None]
    if missing:
        return f"no cost without {', '.join(missing)}"
    if model is None or instead is None:
        return "no cost: what the model or today's way finds is not known (success_threshold, baseline_recall)"
    if period is None:
        return "no cost: no answer says how often they are decided on; write `each day` or the like in prediction_unit"
    return "no cost: at these answers the model costs no less than today's way"


def _costs(spec: Spec) -> tuple[float | None, float | None, float | None]:
    """Cost of 1,000 decisions with the model at its threshold, with today's way, and with nothing at all."""
    model = spec.value("cost_at_threshold")
    if model is None and spec.value("deciding_metric") == "recall":
        model = _at_recall(spec)
    return model, spec.value("cost_of_baseline"), spec.value("cost_of_nothing")


def _at_recall(spec: Spec) -> float | None:
    wanted = ("prevalence", "success_threshold", "cost_missed", "cost_false_alarm")
    prevalence, recall, missed, alarm = (spec.value(name) for name in wanted)
    rate = spec.value("false_alarms_within_capacity")
    if None in (prevalence, recall, missed, alarm) or not 0 < recall <= 1:
        return None
    # The capacity bounds false alarms from above; the baseline's rate is kept where it is lower.
    rates = [one for one in (rate, spec.value("baseline_false_alarm_rate")) if one is not None]
    if not rates:
        return None
    from mlworkflow.numbers.economics import cost_per_thousand

    return cost_per_thousand(prevalence, recall, min(1.0, min(rates)), missed.amount, alarm.amount)


def _period(spec: Spec) -> tuple[float | None, str]:
    """How long one period of action is, as the answers say it, and which of them says it."""
    from mlworkflow.facts.data import said_interval

    for name in ("baseline_measured", "prediction_unit"):
        found = said_interval(spec.value(name))
        if found:
            return found, f"as {name} says it"
    population, arrivals = spec.value("population"), spec.value("arrivals")
    if population and arrivals and abs(population - arrivals) < 0.1 * arrivals:
        return DAY, "because as many rows as there are cases come in a day"
    return None, ""
