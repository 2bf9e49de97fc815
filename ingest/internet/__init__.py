"""Foreign formats of the Internet (互联网): authorities' warnings and people's reports, one file each."""
