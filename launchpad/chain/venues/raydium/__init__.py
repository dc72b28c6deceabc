"""Raydium's constant-product program (CP-swap, CPMM), version 0.2.0 of its public source.

Source: github.com/raydium-io/raydium-cp-swap, commit 609780f1. Tests run the real program.
"""
