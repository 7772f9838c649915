"""Measuring: speed, memory and accuracy on a demo county, ours beside the peers."""
