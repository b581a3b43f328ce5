"""A whole paper judged: verdicts, evidence, reports. May import all of `verify`."""
