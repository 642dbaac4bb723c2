"""The foundation: money, people, events, time. It knows no donors, no funds, no programmes."""
