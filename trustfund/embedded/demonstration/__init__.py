"""The demonstration fund: five invented years, told through the same operations that a real fund would use."""
