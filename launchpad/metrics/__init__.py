"""The metrics slice: figures by token and window, distribution, scores, risks, milestones."""
