"""The bulk slice: many transfers, burns or launches in one request, with a result per item."""
