"""How long the fund can go on: runway and reserve. It reads everything below and changes only its own."""
