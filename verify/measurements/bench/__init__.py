"""The record of speed: cells of measurements, each with a goal, ours and peers in one run."""
