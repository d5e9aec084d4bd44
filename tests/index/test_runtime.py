from hypothesis import given
from hypothesis import strategies as st

from index.runtime import batches


@given(st.lists(st.integers(3, 512), max_size=60))
def test_each_row_is_in_one_batch_and_little_is_padded(lengths: list[int]) -> None:
    found = batches(lengths)
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        rows = [lengths[place] for place in batch]
        assert max(rows) - min(rows) < 16
        assert sum(rows) <= 2048
