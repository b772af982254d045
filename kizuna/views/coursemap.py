"""The map of the course: two parts by five steps, large with what was really made, and small at the top of every page."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from kizuna.process import Part, Section, Step, course
from kizuna.steps.progress import Box, State

_ASIDE = Markup('<li class="aside">{}</li>')

Boxes = Mapping[tuple[Part, Step], Box]


def large_map(boxes: Boxes, here: Section, links: bool) -> Markup:
    """Both parts with their steps, what was made in each, how each is done, and where to go on."""
    told = course()
    rows = Markup("").join(
        Markup('<li class="kz-map-part"><div class="kz-map-name"><b>{}</b><span>{}</span></div><ol>{}</ol></li>').format(
            told.parts[part].title,
            told.parts[part].between,
            Markup("").join(_large(boxes[part, step], here, links) for step in Step),
        )
        for part in Part
    )
    how = Markup("").join(Markup("<li>{}</li>").format(text.how) for text in told.steps.values())
    whole = Markup(
        '<ul class="kz-map">{}</ul><p class="kz-key">どちらの部も、同じ五つの段取りで進めます。</p><ol class="kz-map-how">{}</ol>'
    )
    return whole.format(rows, how) + _go_on(boxes, here, links)


def small_map(boxes: Boxes, here: Section, links: bool, brand: Markup) -> Markup:
    """The same map in two lines, each step a number with its short name; ``brand`` stands above, beside the pages outside the parts."""
    told = course()
    around = Markup("").join(
        (_ASIDE if one.instructor else Markup("<li>{}</li>")).format(_link(one, here, links, Markup("{}").format(one.short)))
        for one in told.sections
        if one.open and one.part is None
    )
    lines = Markup("").join(
        Markup('<div class="kz-nav-part"><span class="kz-nav-name">{}</span><ol>{}</ol></div>').format(
            told.parts[part].title, Markup("").join(Markup("<li>{}</li>").format(_small(boxes[part, step], here, links)) for step in Step)
        )
        for part in Part
    )
    return Markup('<nav class="kz-nav" aria-label="講座の地図"><div class="kz-nav-top">{}<ul>{}</ul></div>{}</nav>').format(
        brand, around, lines
    )


def _large(box: Box, here: Section, links: bool) -> Markup:
    text = course().steps[box.step]
    title = Markup("{}").format(text.title[box.part])
    name = (
        _link(box.section, here, links, title) if box.section and box.state is not State.CLOSED else Markup("<span>{}</span>").format(title)
    )
    kind = " here" if box.section == here else ""
    state = "いま、ここ" if box.section == here else "" if box.state is State.MADE else str(box.state)
    badge = Markup('<span class="kz-map-state">{}</span>').format(state) if state else ""
    made = Markup('<b class="kz-map-made">{}</b>').format(box.made) if box.made else ""
    return Markup('<li class="{}{}"><i>{}</i><div>{}{}{}</div></li>').format(box.state.name.lower(), kind, text.number, name, made, badge)


def _small(box: Box, here: Section, links: bool) -> Markup:
    number = course().steps[box.step].number
    sign = (
        Markup('<i class="made" title="{made}">{number}<span class="kz-hidden">（{made}）</span></i>')
        if box.made
        else Markup("<i>{number}</i>")
    )
    words = Markup('{}<span class="name">{}</span>').format(
        sign.format(made=box.made, number=number), box.section.short if box.section else ""
    )
    if box.section is None or box.state is State.CLOSED:
        return Markup('<span class="later">{}<span class="kz-hidden">（{}）</span></span>').format(words, State.CLOSED)
    return _link(box.section, here, links, words)


def _link(one: Section, here: Section, links: bool, words: Markup) -> Markup:
    """The way to a section: where one stands there is none, and JupyterLab opens notebooks from its own list."""
    if one == here:
        return Markup('<span class="here" aria-current="page">{}</span>').format(words)
    return Markup('<a href="{}.ipynb">{}</a>').format(one.file, words) if links else Markup('<span class="there">{}</span>').format(words)


def _go_on(boxes: Boxes, here: Section, links: bool) -> Markup:
    """A button to the next step, for whoever has begun already."""
    following = next((one for one in boxes.values() if one.state is State.NEXT and one.section), None)
    if (
        following is None
        or following.section is None
        or following.section == here
        or not links
        or not any(one.made for one in boxes.values())
    ):
        return Markup("")
    return Markup('<p class="kz-next"><a href="{}.ipynb">つづきから：{}</a></p>').format(following.section.file, following.section.title)
