"""Trades of programs that are not ours, decoded by data: an IDL and a mapping to one `ForeignTrade`.

`data/NAME.idl.json` is an Anchor IDL (an excerpt will do), `data/NAME.map.json` says which
events are trades and what their fields mean; see docs/ingestion.md. One decoder reads them all.
"""
