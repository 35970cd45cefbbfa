"""Questions and answers: intake forms and surveys alike."""
