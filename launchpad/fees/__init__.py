"""The fees slice: who earns what on each token, where all of it went, and routers that divide it."""
