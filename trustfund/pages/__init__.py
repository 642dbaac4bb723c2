"""Pages that need several apps: home, my work, the decision, the public overview."""
