"""Why a pair, why not that one, and what may be said of it to whom."""
