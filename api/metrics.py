"""Figures for Prometheus."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.deps import ServicesDep
from api.errors import documented

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "launchpad_api_requests_total", "Requests answered.", ["method", "route", "status"], registry=REGISTRY
)
SECONDS = Histogram(
    "launchpad_api_request_seconds",
    "Time to the end of the answer.",
    ["route"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
LIMITED = Counter("launchpad_api_rate_limited_total", "Requests refused by a limit.", ["limit"], registry=REGISTRY)
STREAMS = Gauge("launchpad_api_streams", "Open event streams.", registry=REGISTRY)
SUBMITTED = Counter("launchpad_api_transactions_total", "Transactions handed in.", ["result"], registry=REGISTRY)
CACHE = Gauge("launchpad_api_cache_events", "Cache reads by where they ended.", ["where"], registry=REGISTRY)

router = APIRouter(tags=["operations"])


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response, responses=documented())
async def read_metrics(services: ServicesDep) -> Response:
    """Counters and histograms in the text format of Prometheus."""
    stats = services.cache.stats
    CACHE.labels("memory").set(stats.memory_hits)
    CACHE.labels("redis").set(stats.redis_hits)
    CACHE.labels("computed").set(stats.misses)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
