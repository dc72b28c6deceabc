"""The transactions slice: what users signed, sent by us and followed until it is settled."""
