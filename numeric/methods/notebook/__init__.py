"""A flow as a notebook shows it: one line, or a table with a picture.

Nothing here may raise, whatever the flow is, or take longer than a fraction of a second more than the
flow itself: what is not there in time is left out.
"""
