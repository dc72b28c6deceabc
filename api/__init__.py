"""The JSON door: FastAPI over the domain. Thin: one module per slice it serves."""
