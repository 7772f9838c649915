"""A department's file in, a faithful typed table out; knows no other room."""
