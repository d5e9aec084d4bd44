"""Show: the Gradio app, and the console script that starts it."""

from qa.cli import folio


def main() -> None:
    """Run the command line; `folio` is this function."""
    folio()
