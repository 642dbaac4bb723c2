"""The pages of the books and their downloads, for those who decide, pay and audit."""
