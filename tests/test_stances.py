"""Further sentences about a report are kept with it: the same again, a denial, an admission."""

import pytest


def heard(reading):
    """(status, [(stance, side, sentence)]) of the only report."""
    [report] = reading.reports
    return report.status, [(q.stance, q.claimant_side, q.quote) for q in report.more_quotes]


@pytest.mark.parametrize(
    ("language", "claim", "answer"),
    [
        ("en", "Russia said it had captured Kurakhove.", "Kyiv denied this."),
        ("en", "Russia said it had captured Kurakhove.", "The Ukrainian military rejected the claim."),
        ("en", "Russia said it had captured Kurakhove.", "Ukraine's military said its troops still held the town."),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Kyiv membantah klaim itu."),
        (
            "id",
            "Rusia mengklaim telah merebut Kurakhove.",
            "Militer Ukraina mengatakan pasukannya masih menguasai kota itu.",
        ),
    ],
)
def test_a_denial_by_the_other_side_disputes_a_claim(language, claim, answer, read_text):
    """It is a further quote of the same report, and makes no second one."""
    assert heard(read_text(f"{claim} {answer}", language)) == ("disputed", [("denies", "ukraine", answer)])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Russia said it had captured Kurakhove, but Ukraine denied it."),
        ("en", "Russian forces captured Kurakhove, the Russian defence ministry said, a claim that Ukraine denied."),
        ("id", "Rusia mengklaim telah merebut Kurakhove, tetapi Ukraina membantahnya."),
        ("id", "Rusia mengklaim telah merebut Kurakhove, namun Ukraina membantah klaim itu."),
    ],
)
def test_a_denial_in_the_same_sentence_disputes_it_too(language, text, read_text):
    """Then the quote itself holds it."""
    assert heard(read_text(text, language)) == ("disputed", [])


@pytest.mark.parametrize(
    ("language", "claim", "answer", "side"),
    [
        ("en", "Russia said it had captured Kurakhove.", "Ukraine acknowledged the loss of the town.", "ukraine"),
        (
            "en",
            "Ukraine said its drones had struck a refinery in Saratov.",
            "The governor of Saratov oblast confirmed the attack.",
            "russia",
        ),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Ukraina mengakui kehilangan kota itu.", "ukraine"),
        (
            "id",
            "Ukraina menyatakan dronenya menghantam kilang di Saratov.",
            "Gubernur Saratov membenarkan serangan itu.",
            "russia",
        ),
    ],
)
def test_an_admission_by_the_other_side_acknowledges_a_claim(language, claim, answer, side, read_text):
    """What both sides say is more than a claim, and still not called verified."""
    assert heard(read_text(f"{claim} {answer}", language)) == ("acknowledged", [("acknowledges", side, answer)])


@pytest.mark.parametrize(
    ("language", "claim", "answer"),
    [
        ("en", "Russia said it had captured Kurakhove.", "Ukraine did not comment."),
        ("en", "Russia said it had captured Kurakhove.", "Ukraine has not confirmed this."),
        ("en", "Russia said it had captured Kurakhove.", "Ukraine's General Staff did not acknowledge the loss."),
        ("en", "Russia said it had captured Kurakhove.", "Ukraine's General Staff conceded nothing of the kind."),
        ("en", "Russia said it had captured Kurakhove.", "Ukraine did not deny the loss."),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Ukraina belum mengonfirmasi klaim itu."),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Ukraina tidak mengakui kehilangan kota itu."),
        ("en", "Russia said it had captured Kurakhove.", "Russia denied that its troops had shelled Odesa."),
        ("en", "Russia said it had captured Kurakhove.", "Russia confirmed the report."),
        ("en", "Fighting went on in Toretsk.", "Ukraine denied the claim."),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Ukraina belum berkomentar."),
        ("id", "Rusia mengklaim telah merebut Kurakhove.", "Rusia membantah bahwa pasukannya menembaki Odesa."),
    ],
)
def test_only_the_other_sides_word_on_this_very_claim_counts(language, claim, answer, read_text):
    """Silence, a denial of something else, one's own confirmation: the status stays."""
    status, quotes = heard(read_text(f"{claim} {answer}", language))

    assert status in ("claimed", "reported")
    assert [stance for stance, _, _ in quotes if stance != "same"] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Russia said it had captured Kurakhove. Ukraine acknowledged heavy fighting. Later Kyiv denied the claim.",
        ),
        ("id", "Rusia mengklaim telah merebut Kurakhove. Kyiv mengakui pertempuran itu. Ukraina membantah klaim itu."),
    ],
)
def test_a_denial_outweighs_an_admission(language, text, read_text):
    """Both stay readable in the quotes."""
    status, quotes = heard(read_text(text, language))

    assert status == "disputed"
    assert [stance for stance, _, _ in quotes] == ["acknowledges", "denies"]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "id",
            "Rusia menyatakan telah merebut desa Yasnaya Polyana di dekat Vugledar.",
            'Rusia menyatakan bahwa desa tersebut telah "dibebaskan" melalui operasi militer.',
        ),
        ("id", "Rusia menyatakan telah merebut Kurakhove.", "Kota itu direbut setelah pertempuran sengit."),
        ("en", "Russia said it had captured Kurakhove.", "The town was captured after weeks of assaults, it said."),
    ],
)
def test_a_sentence_that_says_the_village_again_joins_the_report(language, first, second, read_text):
    """ "The village", "desa tersebut", with the same sort of event, is no second report."""
    reading = read_text(f"{first} {second}", language)

    assert [("same", q) for q in (second,)] == [(s, q) for s, _, q in heard(reading)[1]]


@pytest.mark.parametrize(
    ("language", "headline", "bullet"),
    [
        ("en", "Russia captures Kurakhove", "Russian troops captured Kurakhove, the Russian defence ministry said."),
        ("id", "Rusia rebut Kurakhove", "Pasukan Rusia merebut Kurakhove, kata Kementerian Pertahanan Rusia."),
    ],
)
def test_a_headline_and_its_bullet_are_one_report(language, headline, bullet, read_text):
    """The most complete sentence is the main quote, whatever comes first."""
    [report] = read_text(f"{headline}\n\n• {bullet}", language).reports

    assert report.quote.endswith(bullet)
    assert [q.quote for q in report.more_quotes] == [headline]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Vier Tote in Dnipro\nBei einem Raketenangriff auf Dnipro sind vier Menschen getötet worden."),
        ("en", "Four killed in Dnipro\nA missile strike on Dnipro killed four people."),
        ("es", "Cuatro muertos en Dnipró\nUn ataque con misiles contra Dnipró dejó cuatro muertos."),
        ("pl", "Cztery osoby zginęły w Dnieprze\nW ataku rakietowym na Dniepr zginęły cztery osoby."),
    ],
)
def test_the_dead_that_a_heading_counts_are_those_of_the_strike_below_it(language, text, read_text):
    """People killed by a strike are part of its report, also where a heading tells of them alone."""
    told = read_text(text, language=language).reports

    assert [(r.kind, r.killed_min, len(r.more_quotes)) for r in told] == [("air_strike", 4, 1)]


def test_other_dead_are_no_part_of_a_strike(read_text):
    """Other victims make another report."""
    text = "A missile strike on Dnipro killed four people.\nTwo people were killed in Dnipro."

    assert [r.kind for r in read_text(text, language="en").reports] == ["air_strike", "casualties"]


def test_a_dash_parts_a_source_from_the_noun_before_it(read_text):
    """The General Staff speaks, not the soldiers that stand before the dash."""
    text = "Ukraińska armia wyzwoliła wieś Bezsałiwka i pokonała rosyjskich żołnierzy - przekazał Sztab Generalny."

    assert {r.claimant for r in read_text(text, language="pl").reports} == {"Sztab Generalny"}
