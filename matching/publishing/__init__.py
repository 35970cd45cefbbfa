"""Publishing: what a draft becomes, who hears of it and when, and what changes afterwards."""
