"""Finding: words, hits on a page, and what each engine does when its files or its server go away."""
