"""The queue of an MX rollup does not end in .rollup.

PowerMTA knows rollup queues by the end of their name.

Bad:
    <mx-rollup-list>
        mx *.google.com google
    </mx-rollup-list>

Good:
    <mx-rollup-list>
        mx *.google.com google.rollup
    </mx-rollup-list>

Source: PowerMTA 5.0 User's Guide (2019 ed.), 10.17
"""

from commands.pmta.findings.model import DOCUMENTED, ERROR, Edit
from commands.pmta.findings.rule import Problems, at_word
from commands.pmta.findings.sentence import Saying
from commands.pmta.language.config import Config
from commands.pmta.language.words import bare

CODE = "PMTA226"
NAME = "rollup-name"
SEVERITY = ERROR
BASIS = DOCUMENTED
SAYS = Saying("The name of a rollup queue ends in .rollup.", "{name}.rollup")


def check(config: Config) -> Problems:
    for one in config.placed("mx", "mx-rollup-list"):
        name = bare(one.word(1))
        if name and not name.lower().endswith(".rollup"):
            word = one.words[1]
            edits = (Edit(word.at, word.stop, f"{word.text}.rollup"),) if word.text == name else ()
            yield at_word(one, 1, name=name, edits=edits)
