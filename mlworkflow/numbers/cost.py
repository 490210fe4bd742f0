"""What storage, servers and labels cost in a month, at prices that the caller gives."""

from __future__ import annotations

from mlworkflow.numbers.validity import count, not_negative, positive, proportion

HOURS_IN_MONTH = 730.0


def storage_gb(rate_per_second: float, bytes_each: float, days: float = 30.0) -> float:
    """Return the gigabytes that logging every request keeps after that many days."""
    not_negative("the request rate", rate_per_second)
    not_negative("the bytes of a record", bytes_each)
    positive("the days kept", days)
    return rate_per_second * 86_400 * days * bytes_each / 1e9


def replicas_month(replicas: float, hourly_price: float, hours: float = HOURS_IN_MONTH) -> float:
    """Return what so many replicas cost that run for those hours of a month."""
    not_negative("the number of replicas", replicas)
    not_negative("the price of an hour", hourly_price)
    not_negative("the hours", hours)
    return replicas * hourly_price * hours


def container_hour(cpus: float, gigabytes: float, cpu_hour_price: float, gigabyte_hour_price: float) -> float:
    """Return the hourly price of a container that is billed by processor and memory."""
    not_negative("the number of processors", cpus)
    not_negative("the gigabytes", gigabytes)
    not_negative("the price of a processor hour", cpu_hour_price)
    not_negative("the price of a gigabyte hour", gigabyte_hour_price)
    return cpus * cpu_hour_price + gigabytes * gigabyte_hour_price


def serverless_month(
    requests: float, seconds: float, gigabytes: float, price_per_request: float, price_per_gigabyte_second: float
) -> float:
    """Return what so many requests a month cost on functions that are billed by use."""
    not_negative("the requests of a month", requests)
    not_negative("the price of a request", price_per_request)
    not_negative("the price of a gigabyte second", price_per_gigabyte_second)
    positive("the seconds of a request", seconds)
    positive("the gigabytes of a function", gigabytes)
    return requests * (price_per_request + seconds * gigabytes * price_per_gigabyte_second)


def serverless_break_even(
    fixed_month: float, seconds: float, gigabytes: float, price_per_request: float, price_per_gigabyte_second: float
) -> float:
    """Return the requests a month from which servers that always run are cheaper than functions."""
    not_negative("the fixed cost of a month", fixed_month)
    each = serverless_month(1, seconds, gigabytes, price_per_request, price_per_gigabyte_second)
    positive("the price of one request on functions", each)
    return fixed_month / each


def vector_index_bytes(vectors: float, dimensions: int, links: int = 16, bytes_each: float = 4.0) -> float:
    """Return the bytes of a graph index over that many vectors."""
    not_negative("the number of vectors", vectors)
    count("the dimensions", dimensions)
    count("the links of a vector", links, at_least=0)
    positive("the bytes of a number", bytes_each)
    return vectors * (dimensions * bytes_each + links * 8)


def batch_share(hours_needed: float, hours: float = HOURS_IN_MONTH) -> float:
    """Return the share of an always-on server's cost that running only when needed costs."""
    not_negative("the hours needed in a month", hours_needed)
    positive("the hours of a month", hours)
    return min(1.0, hours_needed / hours)


def labels_cost(rows: float, price_each: float, annotators: int = 1, disputed: float = 0.0) -> float:
    """Return what labelling the rows costs when each has several annotators and disputed ones get one more."""
    not_negative("the rows to label", rows)
    not_negative("the price of a label", price_each)
    count("the annotators of a row", annotators)
    proportion("the share of disputed rows", disputed)
    return rows * price_each * (annotators + disputed)
