"""The command ``kizuna``: opens the pages, opens JupyterLab, works on whole files, makes a class's reports."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kizuna.errors import KizunaError

R = TypeVar("R")

# Rooms are imported inside the commands: `kizuna --help` then answers at once, without loading a server.


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """絆：お客さまの言葉から、長いおつきあいを育てる講座です。"""


def in_plain_words(command: Callable[..., R]) -> Callable[..., R]:
    """Show an error that a person can mend as one line instead of a traceback."""

    @functools.wraps(command)
    def told(*args: Any, **kwargs: Any) -> R:
        try:
            return command(*args, **kwargs)
        except KizunaError as error:
            raise click.ClickException(str(error)) from error

    return told


def serving(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that both servers share."""
    options: list[Callable[[Any], Any]] = [
        click.option("--debug", is_flag=True, help="くわしい記録を出します（講師や開発をする人のため）。"),
        click.option("--notebooks", type=click.Path(file_okay=False), help="ノートブックのフォルダーを選びます。"),
        click.option("--token", help="合いことばを決めます。決めないと、毎回新しく作ります。"),
        click.option("--browser/--no-browser", "open_browser", default=True, help="ブラウザーを開くかどうか。"),
        click.option("--port", type=click.IntRange(1, 65535), help="ポート番号を決めます。決めないと、空いている番号を使います。"),
    ]
    for option in options:
        command = option(command)
    return command


@main.command()
@serving
@in_plain_words
def start(**options: Any) -> None:
    """講座のページを開きます（プログラムは見えません）。"""
    from kizuna.serve.stem import Stem

    with Stem() as stem:  # it gets ready while the server does
        from kizuna.serve.pages import serve_pages

        serve_pages(stem=stem, **options)


@main.command()
@serving
@in_plain_words
def lab(**options: Any) -> None:
    """JupyterLab で開きます（ノートブックの中身を見たいとき）。"""
    from kizuna.serve.lab import serve_lab

    serve_lab(**options)


@main.command()
@click.argument("answers", type=click.Path(dir_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="計画書を入れるフォルダー。なければ作ります。")
@click.option("--items", default=3, show_default=True, type=click.IntRange(1, 10), help="下書きする一手の数。")
@click.option("--shop-side", multiple=True, help='LINEのトークで、お店の側の人の名前（何人でも。いないときは ""）。')
@in_plain_words
def plan(answers: str, out: str, items: int, shop_side: tuple[str, ...]) -> None:
    """お客さまの声のファイルから、望みのまとまりと計画の下書きを作ります（HTMLとExcel）。"""
    from kizuna.batch.draft import STEPS, draft_folder

    with click.progressbar(length=len(STEPS), label="声を読んでいます", file=sys.stderr) as bar:

        def tell(step: str) -> None:
            bar.label = step
            bar.update(1)

        made = draft_folder(answers, out, items, shop_side or None, tell)
    for problem in made.problems:
        click.echo(f"注意：{problem}", err=True)
    for line in made.lines:
        click.echo(line)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--column", required=True, help="読む文の列の見出し。")
@click.option("--json", "out", required=True, type=click.Path(dir_okay=False), help="結果のファイル（JSON Lines、UTF-8）。")
@click.option("--as", "who", type=click.Choice(["customer", "owner"]), default="customer", show_default=True, help="だれの文か。")
@click.option("--channel-column", help="お店の文を載せる場所の列（--as owner のとき）。")
@click.option("--purpose-column", help="お店の文の目的の列（--as owner のとき）。")
@click.option("--group-column", help="この列が同じ行どうしで、まとまりを作ります。")
@click.option("--own", multiple=True, help="個人の情報とみなさない、お店の側の名前（いくつでも）。")
@in_plain_words
def analyse(file: str, column: str, out: str, who: Any, **options: Any) -> None:
    """文のファイル（CSV・TSV・Excel）を読み、一行ごとの結果を JSON Lines で書き出します。

    row は Excel で見える行の番号、start と end は、元の文の文字（Unicode の符号点）を 0 から数えた位置です。
    strength は STOP（止める）・CARE（注意）・ADVICE（助言）です。空の行も、一行として書き出します。
    """
    from kizuna.batch.analyse import analyse_file

    count = analyse_file(file, column, out, who, **options)
    click.echo(f"{count}行を読みました：{out}")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--column", required=True, help="読む文の列の見出し。")
@click.option("--placed-column", required=True, help="人が決めたまとまりの列の見出し。空の行に、候補を三つ出します。")
@click.option("--json", "out", required=True, type=click.Path(dir_okay=False), help="結果のファイル（JSON Lines、UTF-8）。")
@in_plain_words
def suggest(file: str, column: str, placed_column: str, out: str) -> None:
    """まとまりが空の行に、ありそうなまとまりを、よく合う順に三つまで出します。"""
    from kizuna.batch.analyse import suggest_file

    count = suggest_file(file, column, placed_column, out)
    click.echo(f"{count}行に候補を出しました：{out}")


@main.command()
@click.argument("workbook", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="作るファイル。終わりに .kizuna-teishutsu が付きます。"
)
@click.option(
    "--list", "sheet", type=click.Path(dir_okay=False, path_type=Path), help="外に出るもの一覧を、印刷できる形（HTML）で書き出します。"
)
@click.option("--yes", is_flag=True, help="一覧をもう読んだので、たずねずに作ります。")
@in_plain_words
def handin(workbook: Path, out: Path, sheet: Path | None, yes: bool) -> None:
    """仕事ノートから、お客さまのことが分からないようにした提出用ファイルを作ります。

    先に、外に出るものをすべて並べ、よいかどうかをたずねます。よいと答えるまで、何も作りません。
    """
    from kizuna.language.counting import things
    from kizuna.steps.handin import hand_in, listed, prepare
    from kizuna.workbook.store import open_workbook

    if not workbook.exists():
        raise KizunaError(f"仕事ノート「{workbook}」が見つかりません。場所と名前を確かめてください。")
    book = open_workbook(workbook)
    looked_at = prepare(book)
    if sheet is not None:
        from kizuna.views.sheets import handin_html

        sheet.write_text(handin_html(looked_at), encoding="utf-8", errors="replace")
        click.echo(f"外に出るもの一覧：{sheet}")
    if not yes:
        for line in listed(looked_at):
            click.echo(line)
        click.confirm("一覧を読みました。この内容でファイルを作ります", abort=True)
    click.echo(
        f"提出用ファイル：{hand_in(book, out, looked_at.digest)}（外に出る文{things(looked_at.texts)}、隠した所{looked_at.covered}か所）"
    )


@main.command()
@click.argument("workbook", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--person", required=True, help="記録を消す方のお名前（名簿にあるとおり）。")
@click.option("--give-up", is_flag=True, help="開けない控えがあるとき、その控えは捨てます。")
@click.option("--yes", is_flag=True, help="一覧をもう読んだので、たずねずに消します。")
@in_plain_words
def forget(workbook: Path, person: str, give_up: bool, yes: bool) -> None:
    """お一人の記録を、仕事ノートと控えの中から、すべて消します。元には戻せません。

    先に、消えるものをすべて並べ、よいかどうかをたずねます。ご自分の文の中のお名前は●で隠します。
    """
    from kizuna.steps import erasing, people
    from kizuna.workbook.store import open_workbook

    if not workbook.exists():
        raise KizunaError(f"仕事ノート「{workbook}」が見つかりません。場所と名前を確かめてください。")
    book = open_workbook(workbook)
    seen = erasing.traces(book, people.named(book, person))
    if not yes:
        for line in seen.lines():
            click.echo(line)
        click.confirm(f"一覧を読みました。{seen.called}の記録をすべて消します", abort=True)
    cleaned = erasing.erase(book, seen.person_id, give_up=seen.unreadable if give_up else ())
    click.echo(erasing.said(cleaned))
    for line in seen.by_hand():
        click.echo(f"・{line}")


@main.command()
@click.argument("workbook", required=False, type=click.Path(path_type=Path))
@in_plain_words
def doctor(workbook: Path | None) -> None:
    """仕事ノートと、その場所、このパソコンを点検します。何も書きかえません。

    ノートを書かないと、いま開いているノートを見ます。直したいところがあると、終わりの番号が 1 になります。
    """
    from kizuna.steps.doctor import SIGNS, State, examine, summary
    from kizuna.workbook import backups, place
    from kizuna.workbook.store import MEMORY

    path = workbook or place.current()
    begun = workbook or place.begun() or backups.copies(path)  # on the very first day nothing is missing yet
    found = examine(path if begun else MEMORY)
    click.echo(summary(found))
    for one in found:
        click.echo(f"{SIGNS[one.state]} {one.title}：{one.said}{one.mend}")
    if any(one.state is State.STOP for one in found):
        sys.exit(1)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--out", required=True, type=click.Path(file_okay=False), help="レポートを入れるフォルダー。なければ作ります。")
@click.option("--workers", type=click.IntRange(1, 256), default=None, help="同時に作る数。決めないと、パソコンの力に合わせます。")
@click.option(
    "--engine",
    type=click.Choice(["forked", "kernel"]),
    default="forked",
    show_default=True,
    help="ノートブックの動かし方。kernel は時間がかかります。",
)
@click.option("--template", default="", help="参加者のレポートに使う、ご自分のノートブック。")
@click.option("--with-names", is_flag=True, help="名前の入った仕事ノート（.kizuna）も受けとります。")
@click.option("--names/--no-names", default=False, show_default=True, help="参加者の名前を載せるかどうか。")
@click.option(
    "--k", type=click.IntRange(min=3), default=5, show_default=True, help="クラスのまとめで、これより少ない人数の集まりは載せません。"
)
@click.option("--pdf", is_flag=True, help="PDF も作ります（Chromium・Chrome・Edge のどれかを使います）。")
@click.option("--dask", default="", metavar="ADDRESS", help="Dask のスケジューラーの場所（tcp://…）。いくつもの機械で作ります。")
@in_plain_words
def report(folder: str, out: str, workers: int | None, **options: Any) -> None:
    """提出用ファイルのフォルダーから、参加者ごとのレポートと、クラスのまとめを作ります。

    途中で止めても、同じコマンドで続きから始まります。変わったものだけを作り直します。
    終わりの番号は、すべてできたとき 0、一つもできないとき 1、読めない提出があったとき 3 です。
    """
    from kizuna.batch.report import Wish, make_reports

    with click.progressbar(length=1, label="レポートを作っています", file=sys.stderr) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        try:
            made = make_reports(Wish(folder, out, workers or 0, **options), tell)
        except KeyboardInterrupt as ended:
            raise KizunaError("途中で止めました。できた分は残っています。同じコマンドで、続きから始められます。") from ended
    for sentence in (*made.broken, *made.left_out):
        click.echo(f"注意：{sentence}", err=True)
    click.echo(f"{made.reports}人のレポートができました：{made.index}")
    if made.broken:
        sys.exit(3)


if __name__ == "__main__":
    main()
