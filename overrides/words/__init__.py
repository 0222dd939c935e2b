"""What a guidance page may call for its figures, services and tables, so that none is typed."""
