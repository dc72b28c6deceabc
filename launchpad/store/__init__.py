"""How rows that only grow are kept: partitions by time, what is forgotten when, replicas for reading."""
