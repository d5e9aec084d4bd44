"""Find: passages → SQLite + FAISS → hits."""
