"""Foreign formats of the data exchange between governments and properties (数联网), one file each."""
