"""Answer: hits → quotes → answer; evaluation, rendering, command line."""
