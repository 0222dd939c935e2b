"""Back to a minute before a mistake: into new tables, settled, compared, switched."""
