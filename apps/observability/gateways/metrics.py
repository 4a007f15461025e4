"""The metrics page, in Prometheus' text format."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from math import inf

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from apps.shared.telemetry import Distribution, Metric

CONTENT_TYPE = CONTENT_TYPE_LATEST

Family = GaugeMetricFamily | GaugeHistogramMetricFamily


class _Given(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Family]:
        return map(_family, self._metrics)


def metrics_page(metrics: Iterable[Metric]) -> bytes:
    """Return metrics as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given(metrics))
    return generate_latest(registry)


def _family(metric: Metric) -> Family:
    is_distribution = any(isinstance(sample, Distribution) for sample in metric.samples)
    kind = GaugeHistogramMetricFamily if is_distribution else GaugeMetricFamily
    family = kind(metric.name, metric.help, labels=metric.labels)
    for sample in metric.samples:
        labels = [sample.labels[name] for name in metric.labels]
        if isinstance(sample, Distribution):
            family.add_metric(labels, _buckets(sample.counts), sample.total)
        else:
            family.add_metric(labels, sample.value)
    return family


def _buckets(counts: Mapping[float, int]) -> list[tuple[str, int]]:
    bounds = sorted(counts)
    below = accumulate(counts[bound] for bound in bounds)
    return [("+Inf" if bound == inf else str(bound), count) for bound, count in zip(bounds, below, strict=True)]
