"""The portfolio slice: what a wallet holds, what it cost, and what it made."""
