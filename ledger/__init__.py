"""Double entry: accounts, entries and periods. It knows nobody's reasons."""
