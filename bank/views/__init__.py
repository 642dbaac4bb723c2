"""Pages of the bank: files and their fates, statements, lines, and the fund's own accounts."""
