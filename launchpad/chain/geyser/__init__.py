"""Yellowstone's Geyser protocol over gRPC: the part that an indexer needs.

`geyser.proto` names the messages and field numbers of the public protocol, as far as we use them;
`generated/` is made of it by scripts/generate_geyser.py.
"""
