"""Pages of casework. Titles and addresses say nothing of anyone: browsers remember both."""
