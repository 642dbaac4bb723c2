"""The pages of the donors: translate in, ask or act once, translate out."""
