"""What people see in a browser: Checkout, the portal, an invoice. Plain forms that need no script."""
