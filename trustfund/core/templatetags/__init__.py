"""The `ui` tags that every template may use."""
