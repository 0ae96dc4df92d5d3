"""Made-up titles and authors, in English and in Korean, that suit what a cover shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Rng = np.random.Generator

THINGS = {
    "castle": "castle tower crown dragon gate knight key king queen secret throne ghost",
    "city": "city rooftop street window tram lantern clockmaker bridge stranger letter bakery attic",
    "desert": "desert cactus caravan sand mirage oasis compass pharaoh wind well map balloon",
    "forest": "forest wood leaf mushroom acorn path firefly hollow root whisper lantern tree",
    "meadow": "meadow garden flower bee windmill kite summer hill butterfly picnic song seed",
    "sea": "sea harbour island lighthouse boat wave captain pearl storm tide anchor shell",
    "snow": "winter snowflake mitten cabin mountain ice sleigh snowball blizzard star frost lamp",
    "space": "moon planet rocket comet galaxy star robot orbit astronaut signal nebula sky",
}
ADJECTIVES = """
    little last hidden silver golden quiet brave lost crooked curious midnight forgotten sleepy invisible
    enormous secret paper singing wandering ordinary impossible red blue tiny gentle clever grumpy hungry velvet
    hollow upside-down seventh
"""
NAMES = """
    Pim Odla Tavi Mirren Otto Juniper Bram Wilma Fenna Lumi Hattie Rufus Saffi Nico Bea Marlow Ines Tully Pip
    Ada Kasimir Yuna
"""
FAMILIES = """
    Harrowby Vale Lindqvist Okoro Marsh Tennant Bellweather Quill Sato Brandt Avery Moreau Finch Castellan
    Dahl-Reyes Thorne Ives Ombre
"""
PLACES = """
    Velmora Tindrel Oakhaven Brumble Lorn Quistmere Alderwick Nimbleton Farrowdeep Zephyr Orrin-on-Sea Mossgate
"""
NUMBERS = "Two Three Four Five Seven Nine Twelve Hundred"

THINGS_KO = {
    "castle": "성 탑 왕관 용 열쇠 기사 비밀 여왕",
    "city": "도시 골목 지붕 창문 등불 다리 편지 빵집",
    "desert": "사막 선인장 모래 오아시스 지도 바람 나침반",
    "forest": "숲 나무 버섯 도토리 오솔길 반딧불 나뭇잎",
    "meadow": "들판 꽃밭 풍차 나비 여름 언덕 꿀벌 연",
    "sea": "바다 섬 등대 돛단배 파도 선장 진주 조개",
    "snow": "겨울 눈꽃 산 오두막 썰매 눈사람 별",
    "space": "달 행성 로켓 혜성 은하 별 로봇 우주선",
}
ANIMALS_KO = {
    "bear": "곰",
    "bird": "새",
    "cat": "고양이",
    "fox": "여우",
    "owl": "부엉이",
    "rabbit": "토끼",
    "whale": "고래",
}
ADJECTIVES_KO = (
    "작은",
    "마지막",
    "숨은",
    "은빛",
    "황금",
    "조용한",
    "용감한",
    "길 잃은",
    "수상한",
    "한밤의",
    "잊힌",
    "졸린",
    "보이지 않는",
    "커다란",
    "노래하는",
    "푸른",
    "빨간",
)
NAMES_KO = "나리 도담 온유 보라 해솔 다온 미르 가람 솔비 하늬 단비 누리"
FAMILIES_KO = "한 유 백 남궁 선우 표 도 은 제갈 마"


def pick(rng: Rng, words: str | Sequence[str]) -> str:
    """One of some words; a text is taken apart at its spaces."""
    choices = words.split() if isinstance(words, str) else words
    return choices[rng.integers(len(choices))]


def plural(noun: str) -> str:
    if noun[-1] in "sxz" or noun[-2:] in ("ch", "sh"):
        return noun + "es"
    return noun[:-1] + "ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else noun + "s"


def english(rng: Rng, scene: str, animal: str) -> str:
    """A title in Latin letters."""
    things = THINGS[scene].split()
    thing, adjective, name, place = pick(rng, things), pick(rng, ADJECTIVES), pick(rng, NAMES), pick(rng, PLACES)
    other = pick(rng, [one for one in things if one != thing])
    who = animal if animal != "none" else thing
    forms = [
        f"the {adjective} {who}",
        f"{name} and the {adjective} {who}",
        f"the {who} of {place}",
        f"a {thing} for {name}",
        f"the {who} {'that' if animal == 'none' else 'who'} found a {other}",
        f"good night, {who}",
        f"under the {adjective} {thing}",
        f"{pick(rng, NUMBERS)} {plural(who)} and a {other}",
        f"{thing} & {other}",
        f"where {plural(thing)} go",
        f"my friend the {who}",
        f"{place}",
        f"the {thing} keeper",
        f"{name}'s {adjective} {thing}",
        f"how to hide a {who}",
    ]
    title = pick(rng, forms)
    for vowel in "aeiou":
        title = title.replace(f" a {vowel}", f" an {vowel}")
    title = "an" + title[1:] if title[:2] == "a " and title[2] in "aeiou" else title
    small = {"a", "an", "and", "for", "of", "that", "the", "to", "&"}
    words = [w if w in small and i else w[0].upper() + w[1:] for i, w in enumerate(title.split())]
    return " ".join(words)


def ends_open(word: str) -> bool:
    """Whether a Korean word ends in a vowel, which decides the form of its particles."""
    return (ord(word[-1]) - 0xAC00) % 28 == 0


def korean(rng: Rng, scene: str, animal: str) -> str:
    """A title in Hangul."""
    things = THINGS_KO[scene].split()
    thing, adjective, name = pick(rng, things), pick(rng, ADJECTIVES_KO), pick(rng, NAMES_KO)
    who = ANIMALS_KO.get(animal, thing)
    forms = [
        f"{adjective} {who}",
        f"{name}{'와' if ends_open(name) else '과'} {adjective} {who}",
        f"{thing}의 {who}" if who != thing else f"{thing} 이야기",
        f"{who}{'를' if ends_open(who) else '을'} 찾아서",
        f"안녕, {who}",
        f"{name}의 {thing}",
        f"우리들의 {thing}",
        f"{thing}{'로' if ends_open(thing) or thing[-1] in '별길달' else '으로'} 가는 길",
    ]
    return pick(rng, forms)


def author(rng: Rng, language: str) -> str:
    if language == "korean":
        return pick(rng, FAMILIES_KO) + pick(rng, NAMES_KO)
    return f"{pick(rng, NAMES)} {pick(rng, FAMILIES)}"
