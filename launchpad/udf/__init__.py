"""The udf slice: charts in the form that TradingView's adapter for data feeds reads.

Prices and volumes become floats here, at the edge, because that form has no other numbers.
"""
