"""What is said in other words, other cases, another order is the same report."""

import pytest
from marked import read_marks

from geo.languages import codes, pack

# (language, place, kind, the same thing said in several ways)
SAID = [
    ("en", "donetsk.kurakhove", "capture", [
        "Russian troops captured Kurakhove.",
        "Kurakhove was captured by Russian troops.",
        "Kurakhove has been captured by Russian forces, the ministry said.",
        "The Russian defence ministry announced the capture of Kurakhove.",
        "Moscow claims to have taken control of Kurakhove.",
        "Russian forces seized the town of Kurakhove.",
    ]),
    ("en", "dnipropetrovsk.nikopol", "shelling", [
        "Russian artillery shelled Nikopol.",
        "Nikopol was shelled by Russian artillery.",
        "Nikopol came under artillery fire.",
        "Artillery fire hit Nikopol, injuring two people.",
    ]),
    ("id", "donetsk.kurakhove", "capture", [
        "Pasukan Rusia merebut Kurakhove.",
        "Kurakhove direbut oleh pasukan Rusia.",
        "Kota Kurakhove telah direbut pasukan Rusia.",
        "Pasukan Rusia menguasai kota Kurakhove.",
        "Kementerian Pertahanan Rusia mengumumkan perebutan Kurakhove.",
    ]),
    ("uk", "donetsk.kurakhove", "capture", [
        "Російські війська захопили Курахове.",
        "Курахове захопили російські війська.",
        "Курахове захоплено російськими військами.",
        "Міністерство оборони Росії заявило про захоплення Курахового.",
        "Росіяни взяли під контроль місто Курахове.",
    ]),
    ("uk", "dnipropetrovsk.nikopol", "shelling", [
        "Росіяни обстріляли Нікополь з артилерії.",
        "Нікополь обстріляли з артилерії.",
        "Внаслідок обстрілу Нікополя поранено двох людей.",
        "По Нікополю вдарили з артилерії.",
    ]),
    ("ru", "donetsk.toretsk", "capture", [
        "Российские войска взяли Торецк.",
        "Торецк взят российскими войсками.",
        "Минобороны России сообщило о взятии Торецка.",
        "Российская армия взяла под контроль Торецк.",
    ]),
    ("ru", "odesa.odesa", "air_strike", [
        "Дроны атаковали Одессу.",
        "Одессу атаковали дроны.",
        "Одесса подверглась атаке дронов.",
        "При атаке дронов на Одессу ранены двое.",
        "В Одессе после атаки дронов ранены двое.",
    ]),
    ("fr", "odesa.odesa", "air_strike", [
        "Des drones ont attaqué Odessa.",
        "Odessa a été attaquée par des drones.",
        "Une attaque de drones a visé Odessa.",
    ]),
    ("de", "odesa.odesa", "air_strike", [
        "Drohnen haben Odessa angegriffen.",
        "Odessa wurde von Drohnen angegriffen.",
        "Bei einem Drohnenangriff auf Odessa wurden zwei Menschen verletzt.",
    ]),
    ("es", "odesa.odesa", "air_strike", [
        "Los drones atacaron Odesa.",
        "Odesa fue atacada con drones.",
        "Un ataque con drones contra Odesa dejó dos heridos.",
    ]),
    ("pl", "odesa.odesa", "air_strike", [
        "Drony zaatakowały Odessę.",
        "Odessa została zaatakowana przez drony.",
        "W ataku dronów na Odessę ranne zostały dwie osoby.",
    ]),
]  # fmt: skip
CASES = [(language, place, kind, text) for language, place, kind, texts in SAID for text in texts]


@pytest.mark.parametrize(("language", "place", "kind", "text"), CASES)
def test_other_words_and_cases_are_the_same_report(language, place, kind, text, read_text):
    """One report: the same place, kind and day."""
    told = [(r.place_id, r.kind, r.date) for r in read_text(text, language).reports]

    assert told == [(place, kind, "2024-11-01")]


DRESSES = ["• {}", "- {}", "3. {}", "🔴 {}", "\n\n{}\n\n", "<p>{}</p>", "{} ", "“{}”"]
EXAMPLES = [
    pytest.param(code, example["text"], DRESSES[n % len(DRESSES)], marks=pytest.mark.slow if n % 6 else ())
    for code in codes()
    for n, example in enumerate(e for e in pack(code).examples if "\n" not in e["text"] and "outlet" not in e)
]


@pytest.mark.parametrize(("code", "marked", "dress"), EXAMPLES)
def test_bullets_quotation_marks_and_blanks_change_nothing(code, marked, dress, read_text):
    """A pack's example sentence keeps its reports whatever stands around it."""
    text, _ = read_marks(marked)

    def told(reading):
        return [(r.place_id, r.kind, r.date, r.date_end) for r in reading.reports]

    assert told(read_text(dress.format(text), code)) == told(read_text(text, code))
