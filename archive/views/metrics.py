"""/metrics: what Prometheus scrapes, for whoever knows the token: counts of the database, requests of this process."""

import hmac
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Model, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from archive import vitals
from archive.models import Article, IndexTask, IngestRun, Rejection
from archive.search.run import SearchAnswer

_REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "archive_request_seconds",
    "How long requests took, by the name of their address.",
    ("address", "method", "status"),
    registry=_REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


_SEARCH_SECONDS = Histogram(
    "archive_search_seconds",
    "How long searches took: `engine` to find and count, `page` to fetch the articles and mark the words.",
    ("phase",),
    registry=_REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def time_search(answer: SearchAnswer) -> None:
    """Note how long a search that somebody asked for took."""
    _SEARCH_SECONDS.labels("engine").observe(answer.engine_ms / 1000)
    _SEARCH_SECONDS.labels("page").observe((answer.took_ms - answer.engine_ms) / 1000)


class MetricsMiddleware:
    """Times every request. Addresses go by name, so that their number is bounded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self._get_response(request)
        match = request.resolver_match
        address = (match.view_name or match.route) if match else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        _SECONDS.labels(address, method, f"{response.status_code // 100}xx").observe(time.perf_counter() - began)
        return response


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Without ARCHIVE_METRICS_TOKEN there is no such page; with it, `Authorization: Bearer TOKEN` is asked for."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.ARCHIVE_METRICS_TOKEN
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    return HttpResponse(generate_latest(_REGISTRY), content_type=CONTENT_TYPE_LATEST)


def answered() -> dict[str, int]:
    """How many answers of which kind (2xx, 3xx …) this process has given."""
    counts: dict[str, int] = {}
    for family in _SECONDS.collect():
        for sample in family.samples:
            if sample.name.endswith("_count"):
                kind = sample.labels["status"]
                counts[kind] = counts.get(kind, 0) + int(sample.value)
    return dict(sorted(counts.items()))


class _Archive:
    """Asked at each scrape, so no process has to keep count."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield GaugeMetricFamily("archive_articles", "Articles in the database.", Article.objects.count())
        yield GaugeMetricFamily("archive_index_waiting", "Articles that wait for the index.", IndexTask.objects.count())
        lag = vitals.index_lag()
        yield GaugeMetricFamily("archive_index_lag_seconds", "How long the oldest of them has waited.", lag)
        free = vitals.free_bytes()
        yield GaugeMetricFamily("archive_disk_free_bytes", "Free where the archive writes.", free)
        runs_here = vitals.is_worker_here()
        yield GaugeMetricFamily("archive_worker_running", "Whether a worker runs on this machine.", int(runs_here))
        yield _records()
        yield _by("archive_runs", "Runs, by status.", "status", IngestRun)
        yield _by("archive_rejections", "Rejected records, by code.", "code", Rejection)
        yield _by("archive_tasks", "Tasks of the worker, by status.", "status", DBTaskResult)


def _records() -> CounterMetricFamily:
    """Their rate is how fast the archive takes dumps in."""
    family = CounterMetricFamily("archive_records", "Records of dumps that runs read, by outcome.", labels=["outcome"])
    sums = IngestRun.objects.aggregate(**{name: Sum(name, default=0) for name in IngestRun.COUNTS})
    for name, count in sums.items():
        family.add_metric([name], count)
    return family


def _by(name: str, says: str, label: str, model: type[Model]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, count in model._default_manager.order_by().values_list(label).annotate(Count("pk")):
        family.add_metric([str(value)], count)
    return family


_REGISTRY.register(_Archive())
