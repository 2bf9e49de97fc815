"""Recorded real floods: the curves of street sensors as messages, and what the chain said while the water rose and fell."""
