"""The measured numbers: each a ratio to a yardstick of the same run, so that a slower machine tells the same story."""
