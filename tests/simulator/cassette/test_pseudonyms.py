"""Other names: of the same form, the same for the same, never shared, and useless without the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.cassette.pseudonyms import Pseudonyms

KEY = b"k" * 32
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="+#/<>\\\"'"), min_size=1, max_size=12
)


def parts(path: str) -> list[str]:
    return path.split("/")


class TestPlaces:
    def test_a_flat_stays_in_its_unit_and_a_unit_in_its_building(self) -> None:
        names = Pseudonyms(KEY)
        one, beside = parts(names.place("b03/u1/0502")), parts(names.place("b03/u1/0503"))
        above, other = parts(names.place("b03/u1")), parts(names.place("b04/u1/0502"))
        assert one[:2] == beside[:2] == above
        assert one[2] != beside[2]
        assert other[0] != one[0]

    def test_numbers_become_numbers_of_the_same_form_and_plain_words_stay(self) -> None:
        place = Pseudonyms(KEY).place("b03/garage/lift12/0502")
        assert [part.rstrip("0123456789") for part in parts(place)] == ["b", "garage", "lift", ""]
        assert [len(part) for part in parts(place)] == [3, 6, 6, 4]

    def test_a_name_of_somebody_is_gone(self) -> None:
        assert "zhang" not in Pseudonyms(KEY).place("zhangs-house/garden")
        assert "张" not in Pseudonyms(KEY).place("张三家")
        assert Pseudonyms(KEY).place("zhangs-house/garden").endswith("/garden")

    def test_no_place_is_no_place(self) -> None:
        assert Pseudonyms(KEY).place("") == ""

    def test_as_many_places_as_a_digit_has(self) -> None:
        names = Pseudonyms(KEY)
        assert len({names.place(f"b1/u{number}") for number in range(10)}) == 10


class TestOtherNames:
    def test_a_device_is_known_by_what_it_is_and_not_by_whose(self) -> None:
        name = Pseudonyms(KEY).device("smoke-b03-0502-kitchen")
        assert (name[:7], name[-8:]) == ("smoke-b", "-kitchen")
        assert "0502" not in name
        assert "13800138000" not in Pseudonyms(KEY).device("phone-13800138000")

    def test_a_made_identity_stays_a_made_one(self) -> None:
        names = Pseudonyms(KEY)
        assert names.identity("~ab").startswith("~")
        assert not names.identity("ab").startswith("~")

    def test_equal_texts_stay_equal_and_say_nothing(self) -> None:
        names = Pseudonyms(KEY)
        assert names.text("张三跌倒了") == names.text("张三跌倒了") != names.text("李四跌倒了")
        assert "张三" not in names.text("张三跌倒了")
        assert names.text("") == ""


@given(names=st.lists(NAMES, unique=True, max_size=30))
@pytest.mark.parametrize("family", ["device", "place", "community", "identity", "text"])
def test_no_two_names_share_one_and_each_keeps_its_own(family: str, names: list[str]) -> None:
    pseudonyms = Pseudonyms(KEY)
    given_to = [getattr(pseudonyms, family)(name) for name in names]
    assert len(set(given_to)) == len(names)
    assert [getattr(pseudonyms, family)(name) for name in names] == given_to


def test_the_same_key_gives_the_same_names_and_another_key_others() -> None:
    assert Pseudonyms(KEY).place("b03/u1/0502") == Pseudonyms(KEY).place("b03/u1/0502")
    assert Pseudonyms(KEY).community("jade") != Pseudonyms(b"l" * 32).community("jade")
