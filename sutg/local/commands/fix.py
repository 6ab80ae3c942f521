"""``make fix``: format, put right what tools can put right, and write the API description anew."""

from __future__ import annotations

from sutg.local.commands import tools
from sutg.local.commands.api_drift import API_DESCRIPTION
from sutg.local.commands.check import template_folders


def main(arguments: list[str]) -> int:
    """Run every fixer, whatever the others say; 1 when one failed."""
    environment = tools.environment("demo")
    if template_folders():
        # Its exit code says that it changed something, which is no failure here.
        tools.run(tools.python("-m", "djlint", "--reformat", "--quiet", *template_folders()), environment)
    commands = [
        tools.python("-m", "ruff", "check", "--fix-only", "--quiet", "."),
        tools.python("-m", "ruff", "format", "--quiet", "."),
    ]
    if tools.exists("package.json"):
        commands.append(tools.npm("fix"))
    commands.append(tools.python("manage.py", "spectacular", "--file", str(API_DESCRIPTION)))
    codes = [tools.run(command, environment) for command in commands]
    return int(any(codes))
