"""What the name of a candidate gives away where nobody said it: the outcome, its past, a key, a lag, another model."""

from __future__ import annotations

import math
import re

DAY = 86400.0

# ------------------------------------------------------------------ the outcome

SUSPICIOUS = (
    "chargeback", "cancel", "cancellation", "closed", "final", "refund", "discharge", "outcome", "resolved",
    "settlement", "churned", "churn_date", "is_fraud", "label", "target", "dispute", "write_off", "recovered",
    "repair", "repaired", "rework", "scrap", "rejected", "decision", "confirmed", "resolution", "verdict", "reversed",
    "appeal", "defaulted", "survived", "readmitted", "moderated", "removed", "actual", "failed_at", "failure_date",
    "failure_time", "failure_reason", "left_at", "returned_at", "delivered_at", "takedown", "taken_down", "finding",
    "findings", "disposition",
)  # fmt: skip
_OUTCOME = re.compile(
    r"(?:^|_)(cancel[a-z]*|clos(?:ed|ing)|redeem[a-z]*|watched|completion|convert[a-z]*|next_(?:day|week|month|quarter|year)|after|future)(?:_|$)"
)
_DONE = re.compile(r"\w{3,}ed|bought|sold|paid|lost|hired")

# Words beside which a suspicious one tells of a thing or a rule, not of what came of the case.
_WEEKDAYS = {
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "weekend",
    "holiday",
    "holidays",
}
_RULES = {
    "policy",
    "policies",
    "fee",
    "fees",
    "terms",
    "allowed",
    "possible",
    "option",
    "period",
    "free",
    "rule",
    "deadline",
}
_MACHINE = {
    "pressure", "temperature", "temp", "flow", "valve", "rate", "battery", "current", "voltage", "air", "speed", "rpm", "pump",
}  # fmt: skip
_INNOCENT = {
    "closed": _WEEKDAYS | {"hours", "captioning", "captions", "loop", "door", "valve", "circuit"},
    "closing": {"time", "hour", "hours"},
    "final": {"drive", "assembly", "exam", "destination", "mile"},
    "target": {"group", "market", "audience", "segment", "setpoint", "weight", "url", *_MACHINE},
    "label": {"printer", "size", "color", "colour", "language", "brand", "record"},
    "resolution": {"dpi", "image", "screen", "width", "height", "camera", "px", "video", "display"},
    "discharge": _MACHINE,
    "settlement": {"distance", "rural", "urban", "area", "population"},
    "decision": {"tree", "maker", "makers", "unit", "level"},
    "confirmed": {"email", "phone", "address", "account", "mobile", "identity", "booking", "cases", "order"},
    "recovered": {"heat", "energy", "paper", "material"},
    "scrap": {"metal", "material", "price", "paper"},
    "repair": {"shop", "manual", "kit", "history", "interval"},
    "reversed": {"camera", "polarity"},
    "removed": {"stopwords", "background", "outliers", "noise"},
    "actual": {"speed", "rpm", "position", "temperature", "temp", "pressure", "torque", "weight"},
    "after": {"tax", "hours", "discount", "sales", "shave"},
    "future": {"bookings", "orders", "contracts", "holiday", "reservations"},
    "converted": {"currency", "amount", "eur", "usd", "units", "celsius"},
    "refund": _RULES, "cancel": _RULES, "cancellation": _RULES, "dispute": _RULES, "appeal": _RULES,
}  # fmt: skip
_PAST = {
    "last", "previous", "prev", "past", "prior", "since", "lag", "lagged", "ago", "history", "historical", "historic",
    "earlier", "before", "recent", "first",
}  # fmt: skip
_SPAN = re.compile(r"(?:^|_)\d+_?(?:s|sec|m|min|h|hr|hours?|d|days?|w|wk|weeks?|mo|months?|y|yr|years?)(?:_|$)")


def snake(name: str) -> str:
    """Return a name in lower case with underscores."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").replace(" ", "_")


def of_the_past(name: str, has_window: bool = False) -> bool:
    """Whether a name says that it counts or dates what came before."""
    plain = snake(name)
    return has_window or bool(_PAST & set(plain.split("_"))) or _SPAN.search(plain) is not None


def outcome_word(name: str, target: str) -> str | None:
    """Return the word of a name that tells of what came of the case, as far as names can tell."""
    found = _suspicious(name, target) or _what_came(name, target)
    return None if found is None or _harmless(found, snake(name).split("_")) else found


def _harmless(word: str, parts: list[str]) -> bool:
    return bool(_INNOCENT.get(word, set()) & (set(parts) - {word}))


def _suspicious(name: str, target: str) -> str | None:
    words = snake(name)
    first = target.lower().split(":")[0].split()[0].strip(",.") if target.strip() else ""
    if len(first) > 3 and first == words:
        return first
    parts = words.split("_")
    return next((word for word in SUSPICIOUS if (word in words if "_" in word else word in parts)), None)


def _what_came(name: str, target: str) -> str | None:
    """A word that tells of what came later, or that the target also uses for what is done."""
    found = _OUTCOME.search(snake(name))
    if found:
        return found[1]
    done = {word for word in re.findall(r"[a-z]+", target.lower()) if _DONE.fullmatch(word)}
    return next((word for word in snake(name).split("_") if word in done), None)


# ------------------------------------------------------------------ keys and other models

_CASES = {
    "customer", "user", "order", "transaction", "payment", "session", "request", "invoice", "claim", "ticket", "account",
    "policy", "patient", "application", "applicant", "card", "visit", "message", "record", "row", "event", "person",
    "member", "subscriber", "loan", "contract", "booking", "trip", "case", "document",
}  # fmt: skip
_KEY = re.compile(r"(?:_|^)(?:id|uuid|guid|pk|token)$|(?<!of)_(?:key|number|nr|no)$")


def names_a_key(name: str) -> bool:
    """Whether a name ends like the key of something."""
    return _KEY.search(snake(name)) is not None


def names_a_case(name: str) -> bool:
    """Whether a name ends like the key of one case, person or event."""
    plain = snake(name)
    return names_a_key(name) and (bool(_CASES & set(plain.split("_"))) or plain in ("id", "uuid", "guid", "row_id"))


_MODELLED = {"predicted", "prediction", "propensity", "embedding", "embeddings", "logit", "logits", "proba"}
_SCORED = {
    "risk",
    "churn",
    "fraud",
    "lead",
    "model",
    "trust",
    "toxicity",
    "toxic",
    "similarity",
    "relevance",
    "spam",
    "nsfw",
    "bureau",
    "credit",
}


def names_a_model(name: str) -> bool:
    """Whether a name says that another model computed it."""
    parts = set(snake(name).split("_"))
    return bool(parts & _MODELLED) or ("score" in parts and bool(parts & _SCORED))


# ------------------------------------------------------------------ time of a forecast

_UNITS = {
    "min": 60.0,
    "h": 3600.0,
    "hr": 3600.0,
    "hour": 3600.0,
    "d": DAY,
    "day": DAY,
    "w": 7 * DAY,
    "wk": 7 * DAY,
    "week": 7 * DAY,
}
_LAG = re.compile(r"(?:^|_)(?:lag|lagged|t_minus)_?(\d+)_?(min|hours?|hr|h|days?|d|weeks?|wk|w)?(?:_|$)")
_LAG_LAST = re.compile(r"(?:^|_)(\d+)_?(min|hours?|hr|h|days?|d|weeks?|wk|w)_(?:lag|ago|before|earlier)(?:_|$)")
_LAG_WORDS = {
    "yesterday": DAY,
    "previous_day": DAY,
    "prev_day": DAY,
    "last_week": 7 * DAY,
    "previous_week": 7 * DAY,
    "last_hour_value": 3600.0,
}
_CALENDAR = {
    "weekday", "weekend", "dow", "holiday", "holidays", "calendar", "payday", "month_of_year", "is_holiday",
}  # fmt: skip
_CALENDAR_PHRASE = re.compile(
    r"(?:day|hour|week|month|minute)_of_(?:the_)?(?:week|day|month|year|hour)|^(?:hour|month|weekday|quarter)$"
)
_OBSERVED = {"sales", "demand", "traffic", "lag", "mean", "avg", "rolling", "effect", "uplift", "orders"}


def lag(name: str, step: float | None) -> float | None:
    """Return how far back a lagged value lies, as its name says; a number alone counts steps."""
    plain = snake(name)
    found = _LAG.search(plain) or _LAG_LAST.search(plain)
    if found:
        unit = (found[2] or "").rstrip("s")
        length = _UNITS.get(unit, _UNITS.get(found[2] or "")) if found[2] else step
        return int(found[1]) * length if length and int(found[1]) else None
    return next((length for word, length in _LAG_WORDS.items() if f"_{word}_" in f"_{plain}_"), None)


MOST_LAGS = 3


def lag_plan(length: float, horizon: float, delay: float) -> str:
    """Return which lag holds up to which step: a lag is known at a step only if it is older than step and delay."""
    from mlworkflow.quantity import say_duration

    most = math.ceil((horizon + delay) / length)
    reaches = {times: times * length - delay for times in range(1, most + 1) if times * length > delay}
    shown = [*list(reaches)[:2], most] if len(reaches) > MOST_LAGS else list(reaches)
    return "; ".join(
        f"{say_duration(times * length)} up to {say_duration(min(reaches[times], horizon))} ahead" for times in shown
    )


def is_calendar(name: str) -> bool:
    """Whether a value follows from the date alone."""
    plain = snake(name)
    parts = set(plain.split("_"))
    return (bool(parts & _CALENDAR) or _CALENDAR_PHRASE.search(plain) is not None) and not parts & _OBSERVED


def is_forecast(name: str) -> bool:
    """Whether a name says that it is a forecast by somebody else."""
    return bool({"forecast", "forecasted", "fcst", "nwp"} & set(snake(name).split("_")))


def is_planned(name: str) -> bool:
    """Whether a name says that it was planned."""
    return bool({"planned", "plan", "scheduled", "roster", "booked", "preorders"} & set(snake(name).split("_")))
