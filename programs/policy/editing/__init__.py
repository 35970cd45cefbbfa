"""Settings on pages: what is asked in which section, and how answers become settings again."""
