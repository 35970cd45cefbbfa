"""What happens to subscriptions, invoices and cards: by requests, by people on the hosted pages, and by time."""
