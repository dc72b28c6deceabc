"""Everything that knows Solana: addresses, arithmetic, instructions, events, errors and connections.

Outside this package keys are base58 `str`, signatures base58 `str`, transactions
base64 `str` of the wire form, and amounts `int` in base units.
"""
