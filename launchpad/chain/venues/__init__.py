"""Other people's trading programs, as far as we speak to them: addresses, accounts, instructions, arithmetic."""
