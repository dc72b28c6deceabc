"""The foreign slice: trades of programs that are not ours, which FOREIGN_PROGRAMS chooses."""
