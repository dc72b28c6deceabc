"""The page door: server-rendered pages and static modules. Thin."""
