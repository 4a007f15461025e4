from bench.goals import Figure, table


def test_a_figure_at_its_goal_is_reached():
    assert Figure("cost", 14, 14).is_reached
    assert Figure("speed", 70, 70, at_least=True).is_reached


def test_a_figure_beyond_its_goal_is_missed():
    assert not Figure("cost", 14.1, 14).is_reached
    assert not Figure("speed", 69.9, 70, at_least=True).is_reached


def test_the_table_says_measured_goal_ratio_and_verdict():
    (_, cost, speed) = table([Figure("cost", 7, 14, "ms"), Figure("speed", 35, 70, at_least=True)]).splitlines()
    assert cost.split() == ["cost,", "ms", "7.00", "≤", "14", "0.50", "reached"]
    assert speed.split() == ["speed", "35.00", "≥", "70", "0.50", "MISSED"]
