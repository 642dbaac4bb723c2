"""What the bank said: statements, lines, messages; nobody's reasons."""
