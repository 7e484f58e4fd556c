from timeline.errors import Problem


def test_a_problem_reads_as_place_field_message_and_rule() -> None:
    problem = Problem("rows.csv", 7, "bad-date", "there is no month 13", field="when")

    assert "rows.csv:7: when: there is no month 13 [bad-date]" == str(problem)


def test_a_problem_of_a_whole_file_has_no_line_number() -> None:
    assert "rows.csv: empty [no-rows]" == str(Problem("rows.csv", 0, "no-rows", "empty"))
