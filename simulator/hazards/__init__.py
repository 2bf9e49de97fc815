"""What can go wrong, one small physical model per file. A model says what sensors would feel, never what the chain should say."""
