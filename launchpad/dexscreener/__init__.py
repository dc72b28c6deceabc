"""The DexScreener slice: blocks, assets, pairs and events in the form of its adapter, version 1.1."""
