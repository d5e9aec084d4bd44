"""The command line. Text for people; `--json` for programs.

Known errors are one line on stderr with exit status 1, usage errors exit with 2, and an abstention
is an answer. Heavy libraries are imported by the commands that use them, so that `--help` is
instant. A module has the commands of one idea; here they become one group.
"""

import click

from qa.cli import asking, keeping, librarian, listing, people, safety, upkeep
from qa.cli.terminal import Folio


@click.group(cls=Folio, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="folio")
@click.option(
    "--set",
    "assignments",
    metavar="NAME=VALUE",
    multiple=True,
    help="A setting for this once, above folio.toml and $FOLIO_NAME; `folio settings` lists them.",
)
@click.pass_context
def folio(ctx: click.Context, assignments: tuple[str, ...]) -> None:
    """Answers questions about a folder of documents, in the documents' own words."""
    if assignments:
        from index.settings import overriding

        ctx.with_resource(overriding(assignments))


for _module in (librarian, listing, asking, keeping, safety, upkeep, people):
    for _command in _module.COMMANDS:
        folio.add_command(_command)
