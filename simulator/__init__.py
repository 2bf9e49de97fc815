"""A seeded community, scenarios with ground truth, faults, replay and score."""
