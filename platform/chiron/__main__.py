"""`python -m chiron` is the `chiron` command."""

from chiron.cli import main

main()
