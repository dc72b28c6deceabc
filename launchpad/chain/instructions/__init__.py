"""The instructions of our programs, and the few of Solana's that go with them.

Each function returns one instruction; addresses go in as base58 text. Arguments are
encoded by anchorpy from the IDLs.
"""
