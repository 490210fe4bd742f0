"""What the sizing of a service reads."""

from __future__ import annotations

from mlworkflow.sizing.model import Option

OPTIONS = (
    Option("rate", "rate", "Requests at the peak."),
    Option("per-day", "count", "Requests of a day, when the peak is not known."),
    Option("peak-factor", "number", "Peak over mean of a day.", "3",
           "consumer traffic peaks at about three times its mean",
           "at least 1"),
    Option("service-time", "duration", "Mean time that one request keeps a slot busy.", required=True),
    Option("service-p99", "duration", "99th percentile of that time; without it, it is taken to be exponential."),
    Option("p99", "duration", "Objective for the 99th percentile of the latency."),
    Option("slots", "count", "Requests that one replica serves at once.", "1",
           "one request at a time is the safe reading",
           "at least 1"),
    Option("utilisation", "share", "Busiest that a replica may be at the peak.", "70 %",
           "beyond that small pools queue", "probability"),
    Option("replicas", "count", "Replicas that are there; shows the traffic that they carry.", allows="at least 1"),
    Option("zones", "count", "Zones, one of which may be lost.", "3", "most regions have three", "at least 1"),
    Option("growth", "share", "Growth of the traffic in one minute of a ramp."),
    Option("lag", "duration", "Until a new replica answers.", "5 min", "a GPU image often takes that long untuned",
           "zero or more"),
    Option("retries", "count", "Retries of a caller that times out.", "0", "no retries were named", "zero or more"),
    Option("hop", "hop", "P50 and p99 of one hop of the path.", many=True),
    Option("fan-out", "count", "Calls that one request makes at once.", allows="at least 1"),
    Option("slow-share", "share", "Share of those calls that are slow.", "1 %", "calls are held to their p99",
           "probability"),
    Option("availability", "share", "Availability promised.", allows="objective"),
    Option("rows", "count", "Rows of a scheduled run."),
    Option("rows-per-second", "number", "Rows that one worker scores in a second."),
    Option("workers", "count", "Workers of the run.", "1", "one worker is the simplest run", "at least 1"),
    Option("ready-by", "duration", "Time that the run may take."),
    Option("backlog", "count", "Requests waiting when the service comes back."),
)  # fmt: skip
