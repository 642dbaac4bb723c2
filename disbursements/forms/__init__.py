"""The shape of what people type; one module a noun."""
