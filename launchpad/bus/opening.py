"""The bus that the settings name."""

from launchpad.bus.base import Bus
from launchpad.bus.redis_bus import RedisBus
from launchpad.config import Settings


def open_bus(settings: Settings) -> Bus:
    """Kafka where KAFKA_BROKERS is set, else Redis; connects when it is first used."""
    if settings.kafka_brokers:
        # Only installations with Kafka need its client.
        from launchpad.bus.kafka_bus import KafkaBus  # noqa: PLC0415

        return KafkaBus(settings.kafka_brokers)
    return RedisBus(settings.require_redis(), settings.bus_length)
