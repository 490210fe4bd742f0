"""What a foundation model takes and costs: tokens, passages, memory."""

from __future__ import annotations

from typing import Any

from mlworkflow.figures.registry import DAY, JUDGEMENT, figure


@figure("number", "serving", "(tokens in x price in + tokens out x price out) / 1000")
def cost_per_thousand_requests(tokens_in: float, tokens_out: float, price_in: Any, price_out: Any) -> float:
    """Model cost of 1,000 requests by API."""
    from mlworkflow.numbers.llm import cost_per_thousand_requests_api

    return cost_per_thousand_requests_api(tokens_in, tokens_out, price_in.amount, price_out.amount)


@figure("count", "serving", "mean load x 30 days + rows x scheduled runs a month")
def prompts_per_month(
    main_model: str,
    mean_load: float | None = None,
    rows_per_run: float | None = None,
    scoring_runs: float | None = None,
) -> float | None:
    """Requests to a foundation model in a month."""
    if main_model != "foundation" or (mean_load is None and (rows_per_run is None or scoring_runs is None)):
        return None
    return (mean_load or 0) * 30 * DAY + (rows_per_run or 0) * (scoring_runs or 0)


@figure("number", "serving", "cost of 1,000 requests x prompts a month / 1000")
def model_cost_per_month(cost_per_thousand_requests: float, prompts_per_month: float) -> float:
    """Model cost a month by API."""
    return cost_per_thousand_requests * prompts_per_month / 1000


@figure("number", "serving", "peak load x 60 s x (tokens in + tokens out)")
def tokens_per_minute(
    main_model: str, model_access: str, peak: float, tokens_in: float, tokens_out: float
) -> float | None:
    """Tokens a minute at the peak."""
    if model_access == "self-hosted" or main_model != "foundation":
        return None
    return peak * 60 * (tokens_in + tokens_out)


@figure("count", "training", "half of the golden set, rounded down")
def golden_locked(golden_set: float) -> float | None:
    """Golden cases that no prompt is tuned on."""
    return float(golden_set // 2) if golden_set >= 2 else None


@figure("number", "training", "1.96 sqrt(t (1 - t) / locked cases), t = success threshold")
def golden_locked_margin(deciding_metric: str, success_threshold: float, golden_locked: float) -> float | None:
    """Half the 95 % interval of the pass rate on the locked cases."""
    if deciding_metric != "golden-set-pass-rate" or not 0 < success_threshold < 1:
        return None
    return float(1.96 * (success_threshold * (1 - success_threshold) / golden_locked) ** 0.5)


@figure("count", "monitoring", "1.96 sqrt(0.1 x golden set), rounded up: one case in ten flips by chance")
def golden_alarm(golden_set: float) -> float | None:
    """More cases lost than won than chance explains."""
    if golden_set <= 0:
        return None
    return float(-(-(1.96 * (0.1 * golden_set) ** 0.5) // 1))


READING = 3 * 60.0
GOLDEN_WANTED, JUDGE_CHECK = 400, 100


@figure("number", "monitoring", "weekly sample x 30 / 7 x 3 minutes", (JUDGEMENT,))
def reading_hours(problem_type: str, audit_sample: float) -> float | None:
    """Hours of a month for reading the weekly sample."""
    return audit_sample * 30 / 7 * READING / 3600 if problem_type == "generative" else None


@figure(
    "number",
    "monitoring",
    "(400 - golden cases there are, and 100 for the judge) x 2 people x 3 minutes",
    (JUDGEMENT,),
)
def labelling_hours(problem_type: str, golden_set: float) -> float | None:
    """Hours, once, until the golden set tells versions apart and the judge is checked against people."""
    if problem_type != "generative":
        return None
    return (max(0.0, GOLDEN_WANTED - golden_set) + JUDGE_CHECK) * 2 * READING / 3600


@figure("count", "monitoring", "min(100, 5 x reviews a day)")
def audit_sample(reviews_per_day: float | None = None) -> float:
    """Outputs that people read in a week."""
    return 100.0 if not reviews_per_day else min(100.0, 5 * reviews_per_day)


@figure(
    "count",
    "monitoring",
    "95 % limit of a Poisson count with mean audit sample x tolerated share (5 % if none was given)",
)
def audit_limit(audit_sample: float, highest_wrong_share: float | None = None) -> float:
    """Wrong ones in the weekly sample that chance explains at the tolerated share."""
    from mlworkflow.numbers.distributions import poisson_limit

    tolerated = 0.05 if highest_wrong_share is None else highest_wrong_share
    return float(poisson_limit(audit_sample * tolerated, 0.95))
