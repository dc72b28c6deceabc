"""The command line over the chain: launch a token, trade it, set the programs up."""
