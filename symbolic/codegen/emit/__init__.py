"""What a generated module computes, a file per subject. May import `derivation` and all below it."""
