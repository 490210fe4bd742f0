"""What the sizing of cost reads; a price that nobody gives is the listed one of the cloud, where one is named."""

from __future__ import annotations

from mlworkflow.sizing.model import Option

OPTIONS = (
    Option("rate", "rate", "Mean requests.", required=True),
    Option("cloud", "choice", "Cloud whose list prices stand in for those not given.", choices=("aws", "gcp", "azure")),
    Option("replicas", "count", "Replicas that run.", allows="at least 1"),
    Option("replica-cpus", "number", "vCPUs of a replica, for the list price of its hour; 2 if not said."),
    Option("replica-memory", "size", "Memory of a replica, for the list price of its hour; 4 GB if not said."),
    Option("hours", "number", "Hours of a month that they run.", "730", "a service is always on", "hours"),
    Option("replica-hour", "price", "Price of a replica's hour.", allows="zero or more"),
    Option("per-thousand", "price", "Price of 1,000 requests, where each is paid.", allows="zero or more"),
    Option("log-bytes", "size", "Bytes logged for a request."),
    Option("log-share", "share", "Share of requests that is logged.", "100 %", "nothing was said about sampling",
           "share"),
    Option("log-days", "duration", "How long logs are kept.", "30 days", "a month covers most reviews"),
    Option("storage", "price", "Price of a GB for a month.", allows="zero or more"),
    Option("vectors", "count", "Vectors of an index."),
    Option("dimensions", "count", "Dimensions of a vector.", allows="at least 1"),
    Option("vector-storage", "price", "Price of a GB of the index for a month.", allows="zero or more"),
    Option("labels", "count", "Rows labelled in a month."),
    Option("label", "price", "Price of one label.", allows="zero or more"),
    Option("annotators", "count", "Annotators of a row.", "1", "one label a row is the least", "at least 1"),
    Option("disputed", "share", "Share of rows that need one label more.", "0 %", "disputes were not named",
           "zero or more"),
    Option("training-hours", "number", "Hours of training in a month."),
    Option("training-hour", "price", "Price of an hour of training.", allows="zero or more"),
    Option("people-hours", "number", "Hours of people in a month."),
    Option("people-hour", "price", "Price of an hour of people.", allows="zero or more"),
    Option("function-request", "price", "Price of a million requests on functions.", allows="zero or more"),
    Option("function-gb-second", "price", "Price of a GB second on functions."),
    Option("function-memory", "size", "Memory of a function."),
    Option("service-time", "duration", "Time of one request on a function."),
    Option("uncertainty", "share", "How far prices and volumes may be off, either way.", "30 %",
           "volumes are estimates and prices change", "probability"),
    Option("budget", "money", "Budget of a month.", allows="zero or more"),
    Option("exchange-rate", "number", "What one unit of the budget's money buys of the prices' money."),
    Option("price-date", "day", "Day of the prices."),
)  # fmt: skip
