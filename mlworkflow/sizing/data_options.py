"""What the sizing of data reads."""

from __future__ import annotations

from mlworkflow.sizing.model import Option

OPTIONS = (
    Option("prevalence", "share", "Share of rows that are positive.", allows="probability", required=True),
    Option("rows", "count", "Test rows that there are; shows what they can tell.", allows="at least 1"),
    Option("recall", "share", "Recall that is expected.", "80 %", "a useful model finds most cases", "probability"),
    Option("margin", "effect", "How far off the recall may be, either way.", "5 points", "it is a usual margin"),
    Option("confidence", "share", "Confidence of the interval.", "95 %", "it is the custom", "probability"),
    Option("slice-share", "share", "Share of the smallest slice that is reported.", allows="share"),
    Option("auc", "number", "AUC that is expected.", allows="AUC"),
    Option("auc-error", "number", "Standard error that it may have.", "0.025", "it means 5 points either way"),
    Option("improvement", "effect", "Smallest improvement over another model on the same rows."),
    Option("discordant", "share", "Share of rows on which only one of the two is right.", "10 %",
           "similar models differ on about that many", "probability"),
    Option("alpha", "share", "False alarms allowed.", "5 %", "it is the custom", "alpha"),
    Option("power", "share", "Chance to see the improvement.", "80 %", "it is the custom", "power"),
    Option("highest-rate", "share", "Failure rate that must be ruled out.", allows="probability"),
    Option("parameters", "count", "Parameters of a regression.", allows="at least 1"),
    Option("explained", "share", "Share of the variance that it explains (Cox-Snell).", allows="probability"),
    Option("target-error", "number", "Error that a learning curve should reach."),
    Option("curve-floor", "number", "Error that rows cannot remove.", allows="zero or more"),
    Option("curve-scale", "number", "Scale b of the curve floor + b n^-c."),
    Option("curve-exponent", "number", "Exponent c of the curve.", allows="exponent"),
    Option("horizon", "duration", "From prediction to outcome; splits by time.", allows="zero or more"),
    Option("label-delay", "duration", "From the outcome to its label.", "0 s", "labels arrive at once", "zero or more"),
)  # fmt: skip
