"""The report page and its status page as plain HTML: no script, one small style sheet, readable on an old telephone."""

from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

from dashboard import report_words as words
from dashboard.report_codes import written
from dashboard.report_form import CONTACT_MAX, PLACE_MAX, TEXT_MAX, TRAP, WHATS, ReportForm
from rules.model import Sentence

STYLE_PATH: Final = "/report.css"
STYLE: Final = """\
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 34rem; background: #fff; color: #1a1a1a; font: 1.125rem/1.5 sans-serif; }
h1 { font-size: 1.5rem; margin: 0.5rem 0; }
a { color: #0b57a4; }
fieldset { border: 0; margin: 0; padding: 0; }
legend, .label { display: block; margin: 1.25rem 0 0.25rem; padding: 0; font-weight: bold; }
.choice { display: block; margin: 0.25rem 0; padding: 0.6rem; border: 1px solid #767676; border-radius: 0.4rem; }
.choice input { width: 1.25rem; height: 1.25rem; margin: 0 0.5rem 0 0; vertical-align: middle; }
textarea, input[type=text] { width: 100%; padding: 0.6rem; border: 1px solid #767676; border-radius: 0.4rem; font: inherit; }
button { width: 100%; margin: 1.5rem 0 0.5rem; padding: 0.9rem; border: 0; border-radius: 0.4rem; }
button { background: #0b57a4; color: #fff; font: inherit; font-weight: bold; }
:focus { outline: 3px solid #e8890c; outline-offset: 2px; }
.hint { margin: 0.25rem 0; color: #4d4d4d; font-size: 1rem; }
.urgent { padding: 0.6rem; border-left: 0.4rem solid #b3261e; background: #fdeceb; }
.fault { margin: 0.25rem 0; color: #b3261e; font-weight: bold; }
.faults { margin-bottom: 1.25rem; padding: 0.6rem; border: 2px solid #b3261e; border-radius: 0.4rem; }
.code { font: bold 1.4rem/1.6 monospace; overflow-wrap: anywhere; }
.state { padding: 0.8rem; border-left: 0.4rem solid #0b57a4; background: #e8f1fa; font-size: 1.25rem; }
.trap { position: absolute; left: -10000px; }
"""


class Pages:
    """The pages in one language, ``zh`` or ``en``. ``phone`` is the duty desk's, "" where none is told."""

    def __init__(self, language: str, phone: str, *, has_photos: bool = False) -> None:
        self._language = language
        self._phone = phone
        self._has_photos = has_photos

    def form(self, form: ReportForm, seal: str, faults: Mapping[str, Sentence]) -> str:
        """The form, filled with what was given, and what is wrong with it."""
        zone = f"<p>{self._say(words.ZONE)}<b>{escape(form.zone)}</b></p>{_hidden('zone', form.zone)}" if form.zone else ""
        place = words.PLACE_MORE if form.zone else words.PLACE
        text = self._described("text", faults)
        return self._page(
            words.TITLE,
            f"{self._urgent()}{self._faults(faults)}"
            f'<form method="post" action="/report?lang={self._language}"{self._coding()}>{_hidden("seal", seal)}'
            f"{self._choices(form.what, faults)}"
            f'<label class="label" for="text">{self._say(words.TEXT)}</label>{self._hint("text", words.TEXT_HINT)}'
            f'<textarea id="text" name="text" rows="4" maxlength="{TEXT_MAX}"{text}>{escape(form.text)}</textarea>'
            f"{self._fault('text', faults)}{zone}"
            f"{self._line('place', form.place, PLACE_MAX, place, words.PLACE_HINT, faults)}"
            f"{self._line('contact', form.contact, CONTACT_MAX, words.CONTACT, words.CONTACT_HINT, faults)}"
            f'<div class="trap" aria-hidden="true"><label for="{TRAP}">{self._say(words.TRAP)}</label>'
            f'<input type="text" id="{TRAP}" name="{TRAP}" tabindex="-1" autocomplete="off"></div>'
            f"{self._photo(faults)}"
            f'<button type="submit">{self._say(words.SEND)}</button></form>',
            self._form_link(form.zone),
        )

    def status(self, code: str, state: words.ReportState, *, lacks_photo: bool = False) -> str:
        """How a report stands; nothing of what it said, and nothing of anybody else's. ``lacks_photo``: its picture is lost."""
        lost = f'<p class="faults" role="alert">{self._say(words.PHOTO_LOST)}</p>' if lacks_photo else ""
        return self._page(
            words.STATUS,
            f'<p class="state" data-state="{state}">{self._say(words.STATES[state])}</p>{lost}'
            f'<p>{self._say(words.CODE)}<br><span class="code">{written(code)}</span></p>'
            f'<p class="hint">{self._say(words.LATER)}</p>{self._urgent()}'
            f'<p><a href="/report?lang={self._language}">{self._say(words.AGAIN)}</a></p>',
            f"/report/{code}?lang={self._other()}{'&photo=no' if lacks_photo else ''}",
        )

    def message(self, title: Sentence, sentence: Sentence) -> str:
        """A page that says one thing, and leads back to the form."""
        return self._page(
            title,
            f'<p class="faults" role="alert">{self._say(sentence)}</p>{self._urgent()}'
            f'<p><a href="/report?lang={self._language}">{self._say(words.TITLE)}</a></p>',
            f"/report?lang={self._other()}",
        )

    def _page(self, title: Sentence, body: str, other: str) -> str:
        language, tag = ("en", "zh-CN") if self._language == "en" else ("zh-CN", "en")
        return (
            f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{self._say(title)}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow">'
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{STYLE_PATH}"></head><body>'
            f'<p><a href="{escape(other)}" lang="{tag}" hreflang="{tag}">{self._say(words.OTHER_LANGUAGE)}</a></p>'
            f"<main><h1>{self._say(title)}</h1>{body}</main></body></html>\n"
        )

    def _say(self, sentence: Sentence) -> str:
        return escape(sentence.en if self._language == "en" else sentence.zh)

    def _other(self) -> str:
        return "zh" if self._language == "en" else "en"

    def _form_link(self, zone: str) -> str:
        return "/report?" + urlencode({"lang": self._other()} | ({"zone": zone} if zone else {}))

    def _urgent(self) -> str:
        desk = ""
        if self._phone:
            number = escape(self._phone)
            dialled = "".join(letter for letter in self._phone if letter in "+0123456789")
            desk = f'<br>{self._say(words.PHONE)}<a href="tel:{dialled}">{number}</a>'
        return f'<p class="urgent">{self._say(words.URGENT)}{desk}</p>'

    def _faults(self, faults: Mapping[str, Sentence]) -> str:
        if not faults:
            return ""
        items = "".join(f'<li><a href="#{_anchor(name)}">{self._say(said)}</a></li>' for name, said in faults.items())
        return f'<div class="faults" role="alert"><p>{self._say(words.FAULTY)}</p><ul>{items}</ul></div>'

    def _choices(self, chosen: str, faults: Mapping[str, Sentence]) -> str:
        choices = "".join(
            f'<label class="choice"><input type="radio" id="what-{name}" name="what" value="{name}" required'
            f"{' checked' if name == chosen else ''}>{self._say(said)}</label>"
            for name, said in WHATS.items()
        )
        described = ' aria-describedby="what-fault"' if "what" in faults else ""
        return f"<fieldset{described}><legend>{self._say(words.WHAT)}</legend>{self._fault('what', faults)}{choices}</fieldset>"

    def _line(
        self, name: str, value: str, length_max: int, label: Sentence, hint: Sentence, faults: Mapping[str, Sentence]
    ) -> str:
        return (
            f'<label class="label" for="{name}">{self._say(label)}</label>{self._hint(name, hint)}'
            f'<input type="text" id="{name}" name="{name}" value="{escape(value)}" maxlength="{length_max}" '
            f'autocomplete="off"{self._described(name, faults)}{" required" if label is words.PLACE else ""}>'
            f"{self._fault(name, faults)}"
        )

    def _coding(self) -> str:
        return ' enctype="multipart/form-data"' if self._has_photos else ""

    def _photo(self, faults: Mapping[str, Sentence]) -> str:
        if not self._has_photos:
            return f'<p class="hint">{self._say(words.NO_PHOTO)}</p>'
        return (
            f'<label class="label" for="photo">{self._say(words.PHOTO)}</label>{self._hint("photo", words.PHOTO_HINT)}'
            f'<input type="file" id="photo" name="photo" accept="image/jpeg,image/png,image/webp"'
            f"{self._described('photo', faults)}>{self._fault('photo', faults)}"
        )

    def _hint(self, name: str, hint: Sentence) -> str:
        return f'<p class="hint" id="{name}-hint">{self._say(hint)}</p>'

    def _described(self, name: str, faults: Mapping[str, Sentence]) -> str:
        if name in faults:
            return f' aria-describedby="{name}-fault {name}-hint" aria-invalid="true"'
        return f' aria-describedby="{name}-hint"'

    def _fault(self, name: str, faults: Mapping[str, Sentence]) -> str:
        return f'<p class="fault" id="{name}-fault">{self._say(faults[name])}</p>' if name in faults else ""


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _anchor(name: str) -> str:
    return {"what": f"what-{next(iter(WHATS))}", "trap": "text"}.get(name, name)
