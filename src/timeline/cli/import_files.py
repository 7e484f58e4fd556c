"""`timeline import`: files of others into the log, after the whole of each was checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.door import print_problem, problem_line
from timeline.cli.session import Session
from timeline.cli.words import counted
from timeline.errors import RowsRejected, UsageRefused

if TYPE_CHECKING:
    from timeline.archive import Archive
    from timeline.importers.options import Options
    from timeline.importers.profile import Profile
    from timeline.importers.run import ImportPlan

_SHOWN = 50


@click.command()
@click.argument("files", metavar="FILE...|-", nargs=-1, required=True)
@click.option("--format", "format_name", metavar="NAME", help="Of the files; else by their names.")
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="- leaves it out.")
@click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="For every row.")
@click.option("--profile", metavar="NAME", help="How a known table maps onto our fields.")
@click.option("--save-profile", metavar="NAME", help="Keep --map and --set under this name.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How to read 05/12/2024.")
@click.option("--encoding", default="", help="Of a text file, if not UTF-8.")
@click.option("--published", default="", metavar="DAY", help="When this version came out.")
@click.option("--with-remarks", is_flag=True, help="Keep a source's free text as quotations.")
@click.option("--good-rows", is_flag=True, help="Append the good rows; write the others to a file.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="That file.")
@click.option("--by", envvar="TIMELINE_BY", metavar="NAME", help="Who writes this down.")
@click.option("-n", "--dry-run", is_flag=True, help="Print the lines, append nothing.")
@click.option("--json", "as_json", is_flag=True, help="Problems and sums as JSON objects.")
@click.pass_obj
def command(session: Session, /, files: Sequence[str], by: str | None, **given: Any) -> None:
    """Import files of others."""
    from timeline.importers.run import plan_import, run_import

    archive = session.archive()
    profile = _profile(archive, given)
    options = _options(session, archive, profile, given)
    paths = [_path(archive, name) for name in files]
    plan = plan_import(archive, paths, options, importer=_format(paths, profile, given))
    _tell(session, plan, as_json=given["as_json"])
    if given["dry_run"]:
        _print_lines(plan, by or "import")
        _refuse(plan, good_rows=given["good_rows"])
        return
    if plan.problems:
        _write_errors(session, paths, plan, given)
    _refuse(plan, good_rows=given["good_rows"])
    result = run_import(plan, archive, by=by or _importer_name(given), good_rows=True)
    _finish(session, archive, result, plan, as_json=given["as_json"])
    if plan.problems:
        raise click.exceptions.Exit(RowsRejected.exit_code)


def _refuse(plan: ImportPlan, *, good_rows: bool) -> None:
    if plan.problems and not good_rows:
        count = plan.rows["rejected"] or len(plan.problems)
        raise RowsRejected(
            f"{counted(count, 'row')} rejected, nothing was appended",
            fix="mend the file, or import the rest with --good-rows",
        )


def _profile(archive: Archive, given: dict[str, Any]) -> Profile:
    from timeline.importers.profile import NO_PROFILE, load_profile

    folder = archive.root / "profiles"
    if given["save_profile"]:
        _save_profile(folder / f"{given['save_profile']}.yml", given)
    return load_profile(given["profile"], folder) if given["profile"] else NO_PROFILE


def _save_profile(path: Path, given: dict[str, Any]) -> None:
    import yaml

    columns = dict(_pair("--map", word) for word in given["mapping"])
    content = {
        "columns": {name: field for name, field in columns.items() if field != "-"},
        "ignore": [name for name, field in columns.items() if field == "-"],
        "set": dict(_pair("--set", word) for word in given["settings"]),
    }
    path.parent.mkdir(exist_ok=True)
    kept = {name: value for name, value in content.items() if value}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), "utf-8")


def _options(
    session: Session, archive: Archive, profile: Profile, given: dict[str, Any]
) -> Options:
    from timeline.cli.model import open_model, vocabulary_in_force
    from timeline.importers.options import Options

    connection = open_model(session, archive)
    return Options(
        profile=profile,
        mapping=dict(_pair("--map", word) for word in given["mapping"]),
        settings=dict(_pair("--set", word) for word in given["settings"]),
        dates=given["dates"] or "",
        encoding=given["encoding"],
        with_remarks=given["with_remarks"],
        published=given["published"],
        vocabulary=vocabulary_in_force(connection),
    )


def _pair(option: str, word: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not sign:
        raise UsageRefused(f"{option} {word}: write {option} NAME=VALUE")
    return name, value


def _path(archive: Archive, name: str) -> Path:
    """The file; `-` is standard input, kept so that it can be read twice."""
    if name != "-":
        return Path(name)
    folder = archive.private / "stdin"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "stdin.csv"
    path.write_bytes(sys.stdin.buffer.read())
    return path


def _format(paths: Sequence[Path], profile: Profile, given: dict[str, Any]) -> str:
    """What --format says, else the profile, else the ending of the file's name."""
    from timeline.importers import IMPORTERS

    if given["format_name"]:
        return str(given["format_name"])
    if given["profile"]:
        return profile.format
    ending = paths[0].suffix.lstrip(".").lower()
    return ending if ending in IMPORTERS else "csv"


def _importer_name(given: dict[str, Any]) -> str:
    return f"import:{given['profile'] or given['format_name'] or 'csv'}"


def _tell(session: Session, plan: ImportPlan, *, as_json: bool) -> None:
    for problem in plan.problems if as_json else plan.problems[:_SHOWN]:
        if as_json:
            click.echo(problem_line(problem), err=True)
        else:
            print_problem(problem)
    if len(plan.problems) > _SHOWN and not as_json:
        session.say(f"… and {len(plan.problems) - _SHOWN:,} more; --json prints them all")
    for advice in plan.warnings[:_SHOWN]:
        session.say(f"Warning: {advice}" + (f"\n  Fix: {advice.fix}" if advice.fix else ""))
    if len(plan.warnings) > _SHOWN:
        session.say(f"… and {len(plan.warnings) - _SHOWN:,} more warnings")
    session.say(plan.summary())


def _print_lines(plan: ImportPlan, by: str) -> None:
    from timeline.cli.write import lines_of

    for line in lines_of(plan.records(by)):
        click.echo(line.decode())


def _write_errors(
    session: Session, paths: Sequence[Path], plan: ImportPlan, given: dict[str, Any]
) -> None:
    """The rejected rows of every table, beside it or where --errors says."""
    from timeline.importers.errors_file import errors_path, write_errors

    if not given["good_rows"] and given["errors"] is None:
        return
    for path in paths:
        if path.is_dir() or not any(problem.path == str(path) for problem in plan.problems):
            continue
        target = given["errors"] or errors_path(path)
        count = write_errors(target, path, plan.problems, encoding=given["encoding"])
        session.say(f"{counted(count, 'rejected row')} in {target}")


def _finish(
    session: Session, archive: Archive, result: Any, plan: ImportPlan, *, as_json: bool
) -> None:
    from timeline.cli.write import bring_up_to_date

    for warning in result.warnings:
        session.warn(warning)
    if result.appended:
        bring_up_to_date(session, archive)
    if as_json:
        from timeline.cli.output import emit_object

        emit_object({"batch": result.batch, "records": len(result.appended), "rows": plan.rows})
        return
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(plan.kinds.items()))
    if result.appended:
        click.echo(f"batch/{result.batch}")
        session.say(f"{counted(len(result.appended), 'record')} appended ({kinds})")
    else:
        session.say("0 records appended")
