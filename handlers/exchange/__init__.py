"""What our cases are in the forms of other systems, one file each; pure functions from a case to bytes."""
