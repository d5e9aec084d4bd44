"""A visitor's conversation: what a question on the page can follow up."""

from qa.web.talk import Talk


def test_a_question_can_follow_up_the_turns_of_its_topic():
    talk = Talk()
    talk.begin("First?", False, "en")
    talk.new_topic = True
    talk.begin("Second?", False, "en")
    third = talk.begin("Third?", False, "en")
    assert talk.before(third) == ["Second?"]


def test_a_question_asked_as_typed_follows_nothing():
    talk = Talk()
    talk.begin("First?", False, "en")
    alone = talk.begin("And when?", True, "en")
    assert talk.before(alone) == []
    after = talk.begin("And where?", False, "en")
    assert talk.before(after) == ["And when?"]


def test_a_question_that_is_being_answered_is_not_put_twice():
    talk = Talk()
    assert talk.begin("First?", False, "en")
    assert talk.begin("First?", False, "en") is None


def test_the_page_shows_the_last_turn_first_and_where_a_topic_begins():
    talk = Talk()
    talk.begin("First?", False, "en")
    assert "New topic" not in talk.html("en")
    talk.new_topic = True
    assert talk.html("en").index("New topic") < talk.html("en").index("First?")
    talk.begin("Second?", False, "en")
    html = talk.html("en")
    assert html.index("Second?") < html.index("New topic") < html.index("First?")
