"""The pages of continuity: translate in, ask or act once, translate out."""
