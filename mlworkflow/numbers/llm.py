"""The memory, speed and price of serving a large language model."""

from __future__ import annotations

from mlworkflow.numbers.validity import Infeasible, count, down, not_negative, positive, share, shown, up


def weights_bytes(parameters: float, bytes_each: float = 2.0) -> float:
    """Return the bytes that the weights take."""
    positive("the number of parameters", parameters)
    positive("the bytes of a parameter", bytes_each)
    return parameters * bytes_each


def kv_bytes_per_token(layers: int, kv_heads: int, head_dimension: int, bytes_each: float = 2.0) -> float:
    """Return the bytes of key-value cache that one token takes."""
    count("the number of layers", layers)
    count("the number of key-value heads", kv_heads)
    count("the dimension of a head", head_dimension)
    positive("the bytes of a cached number", bytes_each)
    return 2 * layers * kv_heads * head_dimension * bytes_each


def gpus_needed(
    weights: float,
    kv_per_token: float,
    tokens: float,
    concurrency: float,
    gpu_bytes: float,
    usable: float = 0.9,
    overhead: float = 0.05,
) -> int:
    """Return the GPUs whose memory holds the weights and the caches of all sequences at once."""
    positive("the bytes of the weights", weights)
    positive("the cache bytes of a token", kv_per_token)
    not_negative("the tokens of a sequence", tokens)
    not_negative("the concurrent sequences", concurrency)
    _check_gpu(gpu_bytes, usable, overhead)
    needed = (1 + overhead) * weights + kv_per_token * tokens * concurrency
    return max(1, up(needed / (usable * gpu_bytes)))


def _check_gpu(gpu_bytes: float, usable: float, overhead: float) -> None:
    positive("the bytes of a GPU", gpu_bytes)
    share("the usable share of a GPU's memory", usable)
    not_negative("the overhead on the weights", overhead)


def tensor_parallel_size(gpus: int, heads: int) -> int:
    """Return the next number of GPUs that divides the heads evenly."""
    count("the number of GPUs", gpus, at_most=100_000)
    count("the number of heads", heads, at_most=100_000)
    for size in range(gpus, heads + 1):
        if heads % size == 0:
            return size
    raise Infeasible(
        f"{shown(heads)} heads cannot be spread over {shown(gpus)} GPUs; split the layers or shrink the model"
    )


def concurrency(
    weights: float,
    kv_per_token: float,
    tokens: float,
    gpu_bytes: float,
    gpus: int = 1,
    usable: float = 0.9,
    overhead: float = 0.05,
) -> int:
    """Return how many sequences of that many tokens fit beside the weights."""
    positive("the bytes of the weights", weights)
    positive("the cache bytes of a token", kv_per_token)
    positive("the tokens of a sequence", tokens)
    count("the number of GPUs", gpus)
    _check_gpu(gpu_bytes, usable, overhead)
    free = usable * gpu_bytes * gpus - (1 + overhead) * weights
    if free < 0:
        raise Infeasible(
            f"weights of {shown(weights / 1e9)} GB do not fit into {shown(gpus)} GPU of {shown(gpu_bytes / 1e9)} GB"
        )
    return down(free / (kv_per_token * tokens))


def concurrency_needed(
    rate: float, first_token_seconds: float, output_tokens: float, seconds_per_token: float
) -> float:
    """Return the sequences that are inside at once, by Little's law."""
    not_negative("the request rate", rate)
    not_negative("the seconds to the first token", first_token_seconds)
    not_negative("the output tokens", output_tokens)
    positive("the seconds per token", seconds_per_token)
    return rate * (first_token_seconds + output_tokens * seconds_per_token)


def decode_step_seconds(
    weights: float,
    kv_per_token: float,
    context: float,
    batch: float,
    bandwidth: float,
    flops: float,
    active_parameters: float,
) -> float:
    """Return the seconds below which no step that adds a token to each sequence of a batch can go."""
    positive("the bytes of the weights", weights)
    not_negative("the cache bytes of a token", kv_per_token)
    not_negative("the tokens of context", context)
    count("the size of a batch", batch)
    positive("the bandwidth", bandwidth)
    positive("the operations per second", flops)
    positive("the active parameters", active_parameters)
    return max((weights + batch * context * kv_per_token) / bandwidth, 2 * active_parameters * batch / flops)


def decode_tokens_per_second(
    weights: float,
    kv_per_token: float,
    context: float,
    batch: float,
    bandwidth: float,
    flops: float,
    active_parameters: float,
    reached: float = 1.0,
) -> float:
    """Return the tokens per second over a whole batch, at the share of the bound that is reached in practice."""
    share("the share of the bound that is reached", reached)
    step = decode_step_seconds(weights, kv_per_token, context, batch, bandwidth, flops, active_parameters)
    return reached * batch / step


def batch_where_compute_binds(flops: float, bandwidth: float, bytes_each: float = 2.0) -> float:
    """Return the batch from which arithmetic rather than memory limits a step."""
    positive("the operations per second", flops)
    positive("the bandwidth", bandwidth)
    positive("the bytes of a parameter", bytes_each)
    return flops * bytes_each / (2 * bandwidth)


def prefill_seconds(parameters: float, prompt_tokens: float, flops: float, reached: float = 0.45) -> float:
    """Return the seconds that reading a prompt takes."""
    positive("the number of parameters", parameters)
    not_negative("the prompt tokens", prompt_tokens)
    positive("the operations per second", flops)
    share("the share of the operations that is reached", reached)
    return 2 * parameters * prompt_tokens / (flops * reached)


def cost_per_thousand_requests_api(
    input_tokens: float, output_tokens: float, price_per_million_input: float, price_per_million_output: float
) -> float:
    """Return what 1,000 requests cost at an API's prices."""
    not_negative("the input tokens", input_tokens)
    not_negative("the output tokens", output_tokens)
    not_negative("the price of a million input tokens", price_per_million_input)
    not_negative("the price of a million output tokens", price_per_million_output)
    return (input_tokens * price_per_million_input + output_tokens * price_per_million_output) / 1000


def cost_per_thousand_requests_selfhosted(
    gpu_hour_price: float, gpus: int, tokens_per_second: float, utilisation: float, output_tokens: float
) -> float:
    """Return what 1,000 requests cost on one's own GPUs at the utilisation that the traffic reaches."""
    not_negative("the price of a GPU hour", gpu_hour_price)
    count("the number of GPUs", gpus)
    positive("the tokens per second", tokens_per_second)
    share("the utilisation", utilisation)
    not_negative("the output tokens", output_tokens)
    return gpu_hour_price * gpus / (tokens_per_second * utilisation * 3600) * output_tokens * 1000


def break_even_requests(fixed_month: float, api_per_request: float, own_per_request: float = 0.0) -> float:
    """Return the requests a month from which running the model oneself is cheaper than the API."""
    not_negative("the fixed cost of a month", fixed_month)
    positive("the API's price of a request", api_per_request)
    not_negative("one's own cost of a request", own_per_request)
    if own_per_request >= api_per_request * (1 - 1e-12):
        raise Infeasible(
            f"a request costs {shown(own_per_request)} oneself and {shown(api_per_request)} at the API: "
            "running the model oneself never pays"
        )
    return fixed_month / (api_per_request - own_per_request)


def training_operations(parameters: float, tokens: float) -> float:
    """Return the floating-point operations of training on that many tokens."""
    positive("the number of parameters", parameters)
    positive("the training tokens", tokens)
    return 6 * parameters * tokens


def tuning_bytes(parameters: float, bytes_each: float = 16.0) -> float:
    """Return the memory of tuning before activations: 16 bytes a parameter in full, about 2 for LoRA, 0.5 for QLoRA."""
    positive("the number of parameters", parameters)
    positive("the bytes of a parameter", bytes_each)
    return parameters * bytes_each
