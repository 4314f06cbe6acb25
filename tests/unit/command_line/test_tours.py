from pathlib import Path

import pytest

from command_line.developer import tours

PAGE = """# A page

```sh
name=Mai
echo "one"
```

```text
what it said last year
```

Between.

```sh exit=3
(exit 3)
echo "$name"
```

```sh
true
```
"""


class TestRun:
    def test_writes_what_is_printed_below_and_keeps_the_shell(self, tmp_path: Path) -> None:
        assert tours.run(PAGE, tmp_path) == PAGE.replace("what it said last year", "one").replace(
            'echo "$name"\n```\n', 'echo "$name"\n```\n\n```text\nMai\n```\n'
        )

    def test_run_again_says_the_same(self, tmp_path: Path) -> None:
        once = tours.run(PAGE, tmp_path)
        assert tours.run(once, tmp_path) == once

    @pytest.mark.parametrize(
        ("commands", "named"),
        [
            ("false\necho goes on", "exit code 1 instead of 0"),
            ("false | cat", "exit code 1 instead of 0"),
            ("exit 0", "the shell ended"),
        ],
    )
    def test_ends_where_a_command_fails(self, tmp_path: Path, commands: str, named: str) -> None:
        with pytest.raises(tours.TourBroken, match=named):
            tours.run(f"```sh\n{commands}\n```\n", tmp_path)

    def test_ends_where_a_command_should_fail(self, tmp_path: Path) -> None:
        with pytest.raises(tours.TourBroken, match="exit code 0 instead of 1"):
            tours.run("```sh exit=1\ntrue\n```\n", tmp_path)
