"""Write documents: what each says, and how values become a Word file or a PDF."""
