"""What the pages ask across the rooms."""
