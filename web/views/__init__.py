"""One module per slice: reads the domain, renders a template, decides nothing."""
