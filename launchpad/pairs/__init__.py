"""Tokens in the shape in which public screeners tell of pairs, for programs that read that shape already.

Dollars and SOL become floats here, at the edge, because that form has no other numbers.
"""
