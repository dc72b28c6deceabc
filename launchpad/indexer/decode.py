"""From a node's answer to what the store takes: our events and, where they are followed, foreign trades."""

from traceback import format_exc
from typing import Any

import structlog

from launchpad.chain.events import ChainTransaction, decode_transaction
from launchpad.chain.foreign.decoder import ForeignDecoder

log = structlog.get_logger(__name__)

NO_FOREIGN = ForeignDecoder(())


def decode(answer: dict[str, Any], index: int, foreign: ForeignDecoder = NO_FOREIGN) -> ChainTransaction | None:
    """The decoded transaction at its place in its slot; one that cannot be decoded is reported and left out."""
    try:
        return decode_transaction(answer, index, foreign.decode(answer))
    except Exception as error:  # noqa: BLE001 - one strange transaction must not stop the others
        signature = answer["transaction"]["signatures"][0]
        log.error("indexer.undecodable", signature=signature, error=repr(error), trace=format_exc(limit=-4))  # noqa: TRY400 - a rendered traceback prints whole blocks
        return None
