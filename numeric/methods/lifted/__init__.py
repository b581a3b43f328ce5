"""Networks whose flow is a Riccati flow above: their weights and observables from it."""
