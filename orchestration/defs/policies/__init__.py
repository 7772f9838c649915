"""Assets and checks of the policies."""
