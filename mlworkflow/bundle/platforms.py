"""Serving platforms in their own plain text form, with the numbers of the design; what only the team knows stands as TO-FILL."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mlworkflow.bundle.words import chosen, system
from mlworkflow.bundle.yaml_text import as_yaml
from mlworkflow.designing import Spec
from mlworkflow.documents.data import written
from mlworkflow.figures.rollback import CANARY_SHARE
from mlworkflow.operation.rollout import exposures

Written = Iterator[tuple[str, str]]
PORT, IMAGE = 8080, "REGISTRY-TO-FILL/{system}:VERSION-TO-FILL"
COMMENT = """Numbers are those of the design; TO-FILL is what only the team knows. This is the last step of the rollout, everybody on one
version: the shares of the steps before it are set by hand, as deployment-plan.md says. /live and /ready are answered by the team's own code:
/ready only once the model is loaded and has answered one request."""
WITHOUT_PROBES = "Numbers are those of the design; TO-FILL is what only the team knows."
GB = 1e9


@dataclass(frozen=True, slots=True)
class Size:
    """How many workers of what size, and how long they may take."""

    system: str
    least: int
    most: int
    cpus: float
    memory_gb: float
    timeout: float
    follows: str = "ml_requests_in_flight_per_worker"
    target: float = 0.7
    quiet: int = 300

    @property
    def image(self) -> str:
        """The image, whose registry and version the team fills in."""
        return IMAGE.format(system=self.system)


def size(spec: Spec) -> Size:
    """Return the size that the document computes, or its fewest workers where it computes none."""
    workers = spec.value("workers_with_spare_zone")
    # Streams and queues scale on their lag, up to what only the team knows; their files hold the planned workers.
    fixed = chosen(spec, "scaling[real-time]") in (None, "fixed-replicas")
    least = 2 if workers is None else workers if fixed else min(3, workers)
    most = (
        least
        if workers is None and fixed
        else max(least, 4)
        if workers is None
        else workers
        if fixed
        else max(2 * workers, 4)
    )
    queue = chosen(spec, "scaling[real-time]") == "autoscale-gpu-queue"
    least = 2 if queue else least
    timeout = spec.value("hard_timeout") or spec.value("latency_limit") or 30.0
    return Size(
        system(spec),
        int(least),
        int(most),
        float(spec.value("worker_cpus") or 2),
        (spec.value("worker_memory") or 4 * GB) / GB,
        float(timeout),
        *(("ml_queue_wait_seconds", 0.2 * (spec.value("latency_p99") or timeout), 600) if queue else ()),
    )


def configuration(tool: str | None, spec: Spec) -> Written:
    """Yield path and text of each file in the platform's form, or nothing where it is not known."""
    writer = KNOWN.get(tool or "")
    if writer is not None:
        yield from writer(spec, size(spec))


# ------------------------------------------------------------------ parts that several share


def _probe(path: str, period: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": PORT},
        "periodSeconds": period,
        "timeoutSeconds": 2,
        "failureThreshold": failures,
    }


def _container(it: Size, probes: bool = True) -> dict[str, Any]:
    amount = {"cpu": f"{math.ceil(it.cpus * 1000)}m", "memory": f"{math.ceil(it.memory_gb * 1000)}M"}
    found: dict[str, Any] = {
        "name": "model",
        "image": it.image,
        "ports": [{"containerPort": PORT}],
        "env": _environment(it),
        "resources": {"requests": amount, "limits": {"memory": amount["memory"]}},
        "securityContext": {"runAsNonRoot": True, "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False},
    }
    if probes:
        found |= {
            "startupProbe": _probe("/ready", 5, 60),
            "readinessProbe": _probe("/ready", 5, 2),
            "livenessProbe": _probe("/live", 10, 6),
        }
    return found


def _environment(it: Size) -> list[dict[str, str]]:
    return [
        {"name": "MODEL_ALIAS", "value": "champion"},
        {"name": "REQUEST_TIMEOUT_SECONDS", "value": f"{it.timeout:g}"},
    ]


def _pod(it: Size, probes: bool = True) -> dict[str, Any]:
    return {
        "terminationGracePeriodSeconds": 30 + math.ceil(min(it.timeout, 300)),
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": {"app": it.system}},
            }
        ],
        "containers": [_container(it, probes)],
    }


def _deployment(it: Size, probes: bool = True) -> dict[str, Any]:
    label = {"app": it.system}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": it.system, "labels": label},
        "spec": {
            "replicas": it.least,
            "selector": {"matchLabels": label},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {"metadata": {"labels": label}, "spec": _pod(it, probes)},
        },
    }


def _documents(comment: str, *found: dict[str, Any]) -> str:
    first, *others = found
    return as_yaml(first, comment) + "".join(f"---\n{as_yaml(one)}" for one in others)


def _budget(it: Size) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": it.system},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": it.system}}},
    }


# ------------------------------------------------------------------ each platform


def _web_service(spec: Spec, it: Size) -> Written:
    if spec.value("kubernetes") in ("own", "run-for-us"):
        service = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": it.system},
            "spec": {"selector": {"app": it.system}, "ports": [{"port": 80, "targetPort": PORT}]},
        }
        yield "deploy/kubernetes.yaml", _documents(COMMENT, _deployment(it), service, _scaler(it), _budget(it))
    else:
        yield "deploy/compose.yaml", _compose(it, "service")


def _scaler(it: Size) -> dict[str, Any]:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": it.system},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": it.system},
            "minReplicas": it.least,
            "maxReplicas": it.most,
            "metrics": [
                {
                    "type": "Pods",
                    "pods": {
                        "metric": {"name": it.follows},
                        "target": {"type": "AverageValue", "averageValue": f"{math.ceil(1000 * it.target)}m"},
                    },
                }
            ],
            "behavior": {
                "scaleUp": {"stabilizationWindowSeconds": 60},
                "scaleDown": {"stabilizationWindowSeconds": it.quiet},
            },
        },
    }


def _compose(it: Size, kind: str) -> str:
    test = [
        "CMD",
        "python",
        "-c",
        f"import urllib.request; urllib.request.urlopen('http://localhost:{PORT}/ready', timeout=2)",
    ]
    one: dict[str, Any] = {
        "image": it.image,
        "restart": "unless-stopped",
        "stop_grace_period": f"{30 + math.ceil(min(it.timeout, 300))}s",
        "environment": {entry["name"]: entry["value"] for entry in _environment(it)},
        "deploy": {
            "replicas": it.least,
            "resources": {"limits": {"cpus": f"{it.cpus:g}", "memory": f"{math.ceil(it.memory_gb * 1000)}M"}},
        },
    }
    if kind == "service":
        one |= {
            "expose": [str(PORT)],
            "healthcheck": {"test": test, "interval": "10s", "timeout": "3s", "retries": 3, "start_period": "60s"},
        }
    return as_yaml({"name": it.system, "services": {"model": one}}, COMMENT if kind == "service" else WITHOUT_PROBES)


def _kserve(spec: Spec, it: Size) -> Written:
    container = {**_container(it), "name": "kserve-container"}
    data = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": it.system},
        "spec": {
            "predictor": {
                "minReplicas": it.least,
                "maxReplicas": it.most,
                "scaleMetric": "concurrency",
                "scaleTarget": 1,
                "timeout": max(1, math.ceil(it.timeout)),
                "containers": [container],
            }
        },
    }
    yield "deploy/inference-service.yaml", as_yaml(data, COMMENT)


def _cloud_run(spec: Spec, it: Size) -> Written:
    container = _container(it)
    for key in ("securityContext", "readinessProbe", "name"):
        container.pop(key)
    limits = {"cpu": str(min(8, max(1, math.ceil(it.cpus)))), "memory": f"{math.ceil(it.memory_gb)}Gi"}
    container |= {"resources": {"limits": limits}}
    data = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": it.system},
        "spec": {
            "template": {
                "metadata": {
                    "annotations": {
                        "autoscaling.knative.dev/minScale": str(it.least),
                        "autoscaling.knative.dev/maxScale": str(it.most),
                    }
                },
                "spec": {
                    "containerConcurrency": 1,
                    "timeoutSeconds": max(1, min(3600, math.ceil(it.timeout))),
                    "containers": [container],
                },
            },
            "traffic": [{"latestRevision": True, "percent": 100}],
        },
    }
    yield "deploy/service.yaml", as_yaml(data, COMMENT)


# Memory in GB that Fargate offers for each size of CPU units: least, most, step.
_FARGATE = {
    256: (0.5, 2, 0.5),
    512: (1, 4, 1),
    1024: (2, 8, 1),
    2048: (4, 16, 1),
    4096: (8, 30, 1),
    8192: (16, 60, 4),
    16384: (32, 120, 8),
}


def fargate_size(cpus: float, memory_gb: float) -> tuple[int, int]:
    """Return the smallest CPU units and MiB that Fargate offers and that hold a worker; the largest where none does."""
    for units, (low, high, step) in _FARGATE.items():
        wanted = max(low, math.ceil(memory_gb / step) * step)
        if units >= cpus * 1024 and wanted <= high:
            return units, int(wanted * 1024)
    return 16384, 120 * 1024


def _ecs(spec: Spec, it: Size) -> Written:
    units, memory = fargate_size(it.cpus, it.memory_gb)
    task = {
        "family": it.system,
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": str(units),
        "memory": str(memory),
        "executionRoleArn": "arn:aws:iam::ACCOUNT-TO-FILL:role/ROLE-TO-FILL",
        "taskRoleArn": "arn:aws:iam::ACCOUNT-TO-FILL:role/ROLE-TO-FILL",
        "containerDefinitions": [
            {
                "name": "model",
                "image": it.image,
                "essential": True,
                "portMappings": [{"containerPort": PORT, "protocol": "tcp"}],
                "environment": _environment(it),
                "readonlyRootFilesystem": True,
                "stopTimeout": min(120, 30 + math.ceil(it.timeout)),
                "healthCheck": {
                    "command": [
                        "CMD-SHELL",
                        f"python -c \"import urllib.request; urllib.request.urlopen('http://localhost:{PORT}/ready', timeout=2)\"",
                    ],
                    "interval": 10,
                    "timeout": 3,
                    "retries": 3,
                    "startPeriod": 60,
                },
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {
                        "awslogs-group": f"/ecs/{it.system}",
                        "awslogs-region": "REGION-TO-FILL",
                        "awslogs-stream-prefix": "model",
                    },
                },
            }
        ],
    }
    # Each version is a service of its own beside the released one, so that the way back is a weight and no deployment.
    service = {
        "cluster": "CLUSTER-TO-FILL",
        "serviceName": f"{it.system}-VERSION-TO-FILL",
        "taskDefinition": it.system,
        "desiredCount": it.least,
        "launchType": "FARGATE",
        "loadBalancers": [
            {"targetGroupArn": "NEW-TARGET-GROUP-TO-FILL", "containerName": "model", "containerPort": PORT}
        ],
        "deploymentConfiguration": {
            "minimumHealthyPercent": 100,
            "maximumPercent": 200,
            "deploymentCircuitBreaker": {"enable": True, "rollback": False},
        },
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["SUBNET-TO-FILL"],
                "securityGroups": ["GROUP-TO-FILL"],
                "assignPublicIp": "DISABLED",
            }
        },
    }
    yield "deploy/task-definition.json", written(task)
    yield "deploy/service.json", written(service)
    if it.least != it.most:
        yield "deploy/scaling.json", written(_ecs_scaling(it))
    yield "deploy/traffic.json", written(_ecs_traffic(spec, it))


def _ecs_scaling(it: Size) -> dict[str, Any]:
    """Return how one service is scaled: between the workers of the document, by what the document names."""
    resource = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/CLUSTER-TO-FILL/{it.system}-VERSION-TO-FILL",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    metric = {"MetricName": it.follows, "Namespace": it.system, "Statistic": "Average"}
    return {
        "register_scalable_target": {**resource, "MinCapacity": it.least, "MaxCapacity": it.most},
        "put_scaling_policy": {
            **resource,
            "PolicyName": f"{it.system}-load",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": it.target,
                "CustomizedMetricSpecification": metric,
                "ScaleOutCooldown": 60,
                "ScaleInCooldown": it.quiet,
            },
        },
    }


# Steps of a rollout in which the load balancer draws the requests; in the others the assignment in code says who sees what.
_DRAWN = ("step-shadow", "step-canary", "step-everyone")


def _ecs_traffic(spec: Spec, it: Size) -> dict[str, Any]:
    """Return the weights of the listener at each step of the rollout, in its order."""
    steps = []
    for one in exposures(spec):
        drawn = one.step.clause.id in _DRAWN and one.share in (0.0, CANARY_SHARE, 1.0)
        new = round(100 * (one.share or 0.0)) if drawn else None
        found: dict[str, Any] = {
            "step": str(one.step.says),
            "exposure": str(one.step.columns["exposure"]),
            "drawn_by": "listener" if drawn else "assignment in code, passed on as header x-version",
        }
        steps.append({**found, "modify_rule": _weights(new)} if new is not None else found)
    return {"system": it.system, "rule": "LISTENER-RULE-TO-FILL", "steps": steps, "way_back": _weights(0)}


def _weights(new: int) -> list[dict[str, Any]]:
    groups = [("RELEASED-TARGET-GROUP-TO-FILL", 100 - new), ("NEW-TARGET-GROUP-TO-FILL", new)]
    forward = {"TargetGroups": [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups]}
    return [{"Type": "forward", "ForwardConfig": forward}]


def _container_apps(spec: Spec, it: Size) -> Written:
    cpus = min(4.0, max(0.25, math.ceil(max(it.cpus, it.memory_gb / 2) * 4) / 4))
    probe = {"httpGet": {"path": "/ready", "port": PORT}, "periodSeconds": 5, "timeoutSeconds": 2}
    data = {
        "location": "REGION-TO-FILL",
        "type": "Microsoft.App/containerApps",
        "properties": {
            "managedEnvironmentId": "ENVIRONMENT-TO-FILL",
            "configuration": {
                "activeRevisionsMode": "Multiple",
                "ingress": {
                    "external": False,
                    "targetPort": PORT,
                    "traffic": [{"latestRevision": True, "weight": 100}],
                },
            },
            "template": {
                "terminationGracePeriodSeconds": 30 + math.ceil(min(it.timeout, 300)),
                "containers": [
                    {
                        "name": "model",
                        "image": it.image,
                        "env": _environment(it),
                        "resources": {"cpu": cpus, "memory": f"{2 * cpus:g}Gi"},
                        "probes": [
                            {"type": "Startup", **probe, "failureThreshold": 60},
                            {"type": "Readiness", **probe, "failureThreshold": 2},
                        ],
                    }
                ],
                "scale": {
                    "minReplicas": it.least,
                    "maxReplicas": it.most,
                    "rules": [{"name": "requests", "http": {"metadata": {"concurrentRequests": "1"}}}],
                },
            },
        },
    }
    yield "deploy/container-app.yaml", as_yaml(data, COMMENT)


def _worker(spec: Spec, it: Size) -> Written:
    """A process that reads from a stream or a queue: nothing asks it, so it has no port and no probe over the network."""
    if spec.value("kubernetes") not in ("own", "run-for-us"):
        yield "deploy/compose.yaml", _compose(it, "worker")
        return
    found = _deployment(it, probes=False)
    found["spec"]["template"]["spec"]["containers"][0].pop("ports")
    yield "deploy/kubernetes.yaml", _documents(WITHOUT_PROBES, found, _budget(it))


def _flink(spec: Spec, it: Size) -> Written:
    if spec.value("kubernetes") not in ("own", "run-for-us"):
        return
    memory = f"{math.ceil(it.memory_gb * 1000)}m"
    data = {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": it.system},
        "spec": {
            "image": it.image,
            "flinkVersion": "v1_20",
            "serviceAccount": "flink",
            "flinkConfiguration": {
                "taskmanager.numberOfTaskSlots": "1",
                "execution.checkpointing.interval": "30s",
                "execution.checkpointing.mode": "EXACTLY_ONCE" if spec.value("duplicates_hurt") else "AT_LEAST_ONCE",
                "state.checkpoints.dir": "BUCKET-TO-FILL/checkpoints",
                "state.savepoints.dir": "BUCKET-TO-FILL/savepoints",
            },
            "jobManager": {"replicas": 1, "resource": {"memory": "2048m", "cpu": 1}},
            "taskManager": {"resource": {"memory": memory, "cpu": it.cpus}},
            "job": {
                "jarURI": "local:///opt/flink/usrlib/job.jar",
                "parallelism": it.least,
                "upgradeMode": "savepoint",
                "state": "running",
            },
        },
    }
    yield "deploy/flink-deployment.yaml", as_yaml(data, WITHOUT_PROBES)


def edge_bundle(spec: Spec, steps: list[dict[str, str]]) -> str:
    """Return the manifest of what a device pulls, checks and makes active in its second slot."""
    data = {
        "system": system(spec),
        "version": None,
        "runtime": chosen(spec, "serving-platform-edge"),
        "accelerator": spec.value("device_accelerator"),
        "files": [{"path": path, "sha256": None} for path in ("model", "thresholds", "preprocessing", "labels")],
        "signature": {"algorithm": "ed25519", "value": None, "key_on_device": None},
        "limits": {
            "memory_bytes": spec.value("device_memory"),
            "p99_seconds": spec.value("latency_p99"),
            "network_needed": not spec.value("no_network"),
        },
        "update": {
            "slots": ["a", "b"],
            "pulled_by": "the device, when it has a network and is idle",
            "self_test": "the reference inputs in the bundle give their reference outputs",
            "made_active": "after signature, hashes and self-test hold",
            "returns_to_the_other_slot": ["self-test fails", "two crashes in ten minutes", "the bundle is recalled"],
        },
        "stages": steps,
    }
    comment = """What one device gets: all files under one version and one signature.
What is null is written by the release pipeline, never by hand."""
    return as_yaml(data, comment)


KNOWN: dict[str, Callable[[Spec, Size], Written]] = {
    "plain-web-service": _web_service,
    "kserve": _kserve,
    "cloud-run": _cloud_run,
    "ecs-fargate": _ecs,
    "container-apps": _container_apps,
    "consumer-with-model": _worker,
    "worker-on-a-queue": _worker,
    "flink": _flink,
}
