"""The NFTs slice: metadata of one-of-a-kind tokens, and minting them by Metaplex's program."""
