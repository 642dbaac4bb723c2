"""Which event is told to whom, as one table, and the mail log."""
