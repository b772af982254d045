"""Rules that are told from recorded facts and not from a text."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.finding import Finding
from kizuna.language.rules.table import rules


@dataclass(frozen=True)
class Facts:
    """What is recorded about a voice, a perk, a mail, a plan; ``None`` means that nobody has said.

    ``perk`` is none, use, voice, positive or consent; ``relation`` customer, family, staff, partner, self, monitor, free or discount.
    Money is in yen, times in hours or months.
    """

    perk: str | None = None
    perk_value: int | None = None
    price: int | None = None
    draw: bool | None = None
    relation: str | None = None
    shown_outside: bool | None = None
    disclosed: bool | None = None
    excluded: int | None = None
    excerpt_note: bool | None = None
    changed: bool | None = None
    requested_post: bool | None = None
    sourced: bool | None = None
    only_happy_asked: bool | None = None
    before_after: bool | None = None
    months_old: int | None = None
    product_changed: bool | None = None
    consent_covers: bool | None = None
    name_style_kept: bool | None = None
    purpose_stated: bool | None = None
    export_has_names: bool | None = None
    group_size: int | None = None
    least_group: int | None = None
    bought_list: bool | None = None
    advert_mail: bool | None = None
    mail_consent: bool | None = None
    sender_complete: bool | None = None
    stopped: bool | None = None
    links_to_shop: bool | None = None
    consent_recorded: bool | None = None
    mail_order: bool | None = None
    mail_order_complete: bool | None = None
    from_elsewhere: bool | None = None
    author_permits: bool | None = None
    face_in_photo: bool | None = None
    photo_consent: bool | None = None
    review_markup: bool | None = None
    market_us: bool | None = None
    generated: bool | None = None
    used_it: bool | None = None
    quote_found: bool | None = None
    evidence: int | None = None
    family_test: bool | None = None
    touches: int | None = None
    most_touches: int | None = None
    fans: int | None = None
    gate: int | None = None
    hours: float | None = None
    most_hours: float | None = None
    interviews: int | None = None

    @property
    def rewarded(self) -> bool:
        """Whether the person got something."""
        return self.perk not in (None, "none") or self.relation in ("monitor", "free", "discount")

    @property
    def insider(self) -> bool:
        """Whether the person belongs to the shop."""
        return self.relation in ("family", "staff", "partner", "self")

    @property
    def selected(self) -> bool:
        """Whether voices were left out."""
        return bool(self.excluded)

    @property
    def old(self) -> bool:
        """Whether the voice may not fit today's product."""
        return (self.months_old or 0) > 24 or bool(self.product_changed)

    @property
    def over_gift_limit(self) -> bool:
        """Whether a gift to everyone who buys is worth more than 200 yen and more than a fifth of the price."""
        tied = self.perk == "use" and not self.draw and self.perk_value is not None and self.price is not None
        return tied and (self.perk_value or 0) > max(200, (self.price or 0) * 0.2)

    @property
    def over_draw_limit(self) -> bool:
        """Whether a prize drawn among buyers is worth more than 20 prices (100,000 yen from a price of 5,000 on)."""
        if not self.draw or self.perk_value is None or self.price is None:
            return False
        return self.perk_value > (20 * self.price if self.price < 5000 else 100_000)

    @property
    def identifying_export(self) -> bool:
        """Whether what leaves the machine tells who is meant."""
        small = self.group_size is not None and self.least_group is not None and self.group_size < self.least_group
        return bool(self.export_has_names) or small

    @property
    def us_matter(self) -> bool:
        """Whether one of ST-01, ST-03, ST-06 would be told."""
        hidden = self.disclosed is False and (self.insider or (self.rewarded and bool(self.shown_outside)))
        return self.perk == "positive" or hidden

    @property
    def fake(self) -> bool:
        """Whether nobody who used it said so."""
        return bool(self.generated) or self.used_it is False

    @property
    def without_voice(self) -> bool:
        """Whether no customer's voice stands behind it."""
        return self.evidence == 0

    @property
    def too_often(self) -> bool:
        """Whether there are more touches than the owner meant."""
        return self.touches is not None and self.most_touches is not None and self.touches > self.most_touches

    @property
    def below_gate(self) -> bool:
        """Whether there are fewer fans than a tribe needs."""
        return self.fans is not None and self.gate is not None and self.fans < self.gate

    @property
    def over_hours(self) -> bool:
        """Whether the plan takes more hours than the owner has set."""
        return self.hours is not None and self.most_hours is not None and self.hours > self.most_hours

    @property
    def small_n(self) -> bool:
        """Whether fewer than five people were asked."""
        return self.interviews is not None and self.interviews < 5


def check_facts(facts: Facts) -> list[Finding]:
    """The findings of all rules whose conditions these facts meet, in the order of the table; unknown facts meet none.

    >>> [one.rule for one in check_facts(Facts(evidence=0))]
    ['KZ-07']
    """
    found = [
        one.finding(one.strength) for one in rules() if one.when and all(getattr(facts, key) == value for key, value in one.when.items())
    ]
    if facts.perk == "positive":
        found.insert(0, next(one.finding(one.strength) for one in rules() if one.id == "ST-01"))
    return found
