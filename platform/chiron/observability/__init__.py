"""What the platform says of itself: log lines and error reports that name the society and the request, never people."""
