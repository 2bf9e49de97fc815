"""The judge: plays recorded events through contract and chain in virtual time, and scores the decisions by ground truth."""
