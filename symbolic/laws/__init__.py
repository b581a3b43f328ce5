"""What gradient flow conserves: found, proved, counted. May import `network` and what that may."""
