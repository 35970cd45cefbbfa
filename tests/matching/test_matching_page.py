"""The code on the page about the engine runs, and comes to what the page says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs/matching.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SAID = re.compile(r"^(?P<code>\S.*?)  # (?P<value>[\[(][^:]*?[\])])(?::.*)?$", re.MULTILINE)


def test_the_examples_come_to_what_the_page_says() -> None:
    names: dict[str, Any] = {}
    checked = 0
    for block in BLOCKS:
        exec(block, names)
        for example in SAID.finditer(block):
            assert eval(example["code"], names) == ast.literal_eval(example["value"]), example["code"]
            checked += 1
    assert checked == 3
    certificate = re.search(r"# (Certificate\(.*?\)),", PAGE)
    assert certificate
    assert str(names["result"].certificate) == certificate[1]
