"""The fictional county Lindenau: people, agencies and cases, all invented, the same from the same seed."""
