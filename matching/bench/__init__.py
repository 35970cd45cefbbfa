"""`chiron bench matching`: the engine against its peers, on the same made-up instances in the same run.

Where to look: `cases` sizes; `pools`, `people`, `lists` what is made up; `work` and `scoring` what the engine does with
it, `loop` the scores pair by pair, `peers` what others do with it; `processes` each of these alone on one core; `bars`
what is compared and what must hold; `measuring` one case after the other; `report` and `plot` what is told; `command`
the command.
"""
